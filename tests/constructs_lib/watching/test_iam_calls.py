"""Calls of IAM that change roles and their policies."""

from botocore.session import Session

from constructs_lib.watching.iam_calls import POLICY_CALLS, ROLE_CALLS


def _asks_for(call: str, member: str) -> bool:
    shape = Session().get_service_model("iam").operation_model(call).input_shape
    return shape is not None and member in shape.members


def test_each_is_an_operation_of_iam_on_a_role_or_a_policy_by_name() -> None:
    assert [call for call in ROLE_CALLS if not _asks_for(call, "RoleName")] == []
    assert [call for call in POLICY_CALLS if not _asks_for(call, "PolicyArn")] == []


def test_every_call_that_changes_what_a_role_may_do_is_one() -> None:
    names = Session().get_service_model("iam").operation_names
    changing = {name for name in names if "Role" in name and not name.startswith(("Get", "List", "Tag", "Untag"))}
    by_name = {name for name in changing if _asks_for(name, "RoleName")}
    of_others = {name for name in by_name if "InstanceProfile" in name or "ServiceLinkedRole" in name}

    # Descriptions and session lengths decide nothing here.
    assert by_name - of_others - set(ROLE_CALLS) == {"UpdateRole", "UpdateRoleDescription"}
    assert changing - by_name == {"AcquireRole", "CreateServiceLinkedRole"}
