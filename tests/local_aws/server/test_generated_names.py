import re
from collections.abc import Callable

import pytest

from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy


@pytest.mark.parametrize(
    ("resource_type", "pattern", "change"),
    [
        ("AWS::Logs::LogGroup", r"{stack}-Thing-[A-Z0-9]{{13}}", {"RetentionInDays": 7}),
        (
            "AWS::SecretsManager::Secret",
            r"arn:aws:secretsmanager:[^:]+:\d+:secret:Thing-[A-Za-z0-9]{{12}}-.{{6}}",
            {"Description": "changed"},
        ),
        ("AWS::SSM::Parameter", r"CFN-Thing-[A-Z0-9]{{13}}", {"Type": "String", "Value": "changed"}),
    ],
)
def test_a_name_has_the_form_that_cloudformation_gives_it_and_stays(
    make_stacks: Callable[..., StackOperation], resource_type: str, pattern: str, change: dict[str, object]
) -> None:
    stacks = make_stacks()
    value = {"Type": "String", "Value": "v"} if resource_type == "AWS::SSM::Parameter" else {}
    thing = {"Type": resource_type, "Properties": value}

    created = stacks.create({"Thing": thing}, {"Ref": {"Ref": "Thing"}})
    updated = stacks.update(created.name, {"Thing": {**thing, "Properties": change}}, {"Ref": {"Ref": "Thing"}})

    assert (created.status, updated.status) == ("CREATE_COMPLETE", "UPDATE_COMPLETE")
    assert updated.outputs == created.outputs
    assert re.fullmatch(pattern.format(stack=created.name), created.outputs["Ref"])
