from collections.abc import Callable
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

WORKGROUP = {"Type": "AWS::Athena::WorkGroup", "Properties": {"Name": "saved-queries"}}


def _resources(question: str, workgroup: object) -> dict[str, Any]:
    query = {"Name": "who", "Database": "trails", "QueryString": question, "WorkGroup": workgroup}
    statement = {"StatementName": "who", "QueryStatement": question, "WorkGroup": workgroup}
    return {
        "WorkGroup": WORKGROUP,
        "Query": {"Type": "AWS::Athena::NamedQuery", "Properties": query},
        "Statement": {"Type": "AWS::Athena::PreparedStatement", "Properties": statement},
    }


def test_queries_are_saved_changed_and_removed(aws: LocalAws, make_stacks: Callable[..., StackOperation]) -> None:
    athena: Any = aws.session().client("athena")
    stacks, group = make_stacks(), {"Ref": "WorkGroup"}

    def saved() -> list[str]:
        identifiers = athena.list_named_queries(WorkGroup="saved-queries")["NamedQueryIds"]
        found = athena.batch_get_named_query(NamedQueryIds=identifiers)["NamedQueries"] if identifiers else []
        return [each["QueryString"] for each in found]

    def prepared() -> str:
        found = athena.get_prepared_statement(StatementName="who", WorkGroup="saved-queries")
        return str(found["PreparedStatement"]["QueryStatement"])

    created = stacks.create(_resources("SELECT 1", group))
    assert (created.status, saved(), prepared()) == ("CREATE_COMPLETE", ["SELECT 1"], "SELECT 1")
    changed = stacks.update(created.name, _resources("SELECT 2", group))
    assert (changed.status, saved(), prepared()) == ("UPDATE_COMPLETE", ["SELECT 2"], "SELECT 2")
    assert stacks.update(created.name, {"WorkGroup": WORKGROUP}).status == "UPDATE_COMPLETE"
    assert saved() == []
    assert athena.list_prepared_statements(WorkGroup="saved-queries")["PreparedStatements"] == []
    stacks.delete(created.name)


@pytest.mark.parametrize("kind", ["Query", "Statement"])
def test_refuses_a_query_for_a_workgroup_that_is_not_there(
    make_stacks: Callable[..., StackOperation], kind: str
) -> None:
    refused = make_stacks().create({kind: _resources("SELECT 1", "nowhere")[kind]})

    assert any("WorkGroup nowhere is not found" in each for each in refused.failures)
