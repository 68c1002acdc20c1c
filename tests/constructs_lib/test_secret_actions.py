"""The actions of Secrets Manager, against its model."""

from botocore.session import Session

from constructs_lib.secret_actions import (
    ADMINISTER_SECRET,
    CHANGE_SECRET_VALUE,
    DRAW_PASSWORD,
    GET_SECRET_VALUE,
    READ_SECRET,
    ROTATE_SECRET,
    TAKE_SECRET_AWAY,
    WRITE_SECRET,
)

GROUPS = (ADMINISTER_SECRET, DRAW_PASSWORD, READ_SECRET, ROTATE_SECRET, TAKE_SECRET_AWAY, WRITE_SECRET)


def test_every_action_is_an_operation_of_secrets_manager() -> None:
    named = {action.removeprefix("secretsmanager:") for group in GROUPS for action in group}

    assert named <= set(Session().get_service_model("secretsmanager").operation_names)


def test_who_writes_or_administers_does_not_read() -> None:
    assert not {*WRITE_SECRET, *ADMINISTER_SECRET, *TAKE_SECRET_AWAY} & {*GET_SECRET_VALUE}
    assert {*GET_SECRET_VALUE} < {*READ_SECRET} < {*ROTATE_SECRET}


def test_who_administers_changes_no_value_and_no_key() -> None:
    assert not {*ADMINISTER_SECRET} & {*CHANGE_SECRET_VALUE, "secretsmanager:UpdateSecret"}
