"""The actions of Secrets Manager, against its model."""

from botocore.session import Session

from constructs_lib.secret_actions import (
    ADMINISTER_SECRET,
    DRAW_PASSWORD,
    GET_SECRET_VALUE,
    OPEN_SECRET,
    PUT_SECRET_VALUE,
    READ_SECRET,
    ROTATE_SECRET,
    TAKE_SECRET_AWAY,
    WRITE_SECRET,
)

GROUPS = (ADMINISTER_SECRET, DRAW_PASSWORD, OPEN_SECRET, READ_SECRET, ROTATE_SECRET, TAKE_SECRET_AWAY, WRITE_SECRET)


def test_every_action_is_an_operation_of_secrets_manager() -> None:
    named = {action.removeprefix("secretsmanager:") for group in GROUPS for action in group}

    assert named <= set(Session().get_service_model("secretsmanager").operation_names)


def test_who_writes_or_administers_does_not_read() -> None:
    assert not {*WRITE_SECRET, *ADMINISTER_SECRET, *OPEN_SECRET, *TAKE_SECRET_AWAY} & {*GET_SECRET_VALUE}
    assert {*GET_SECRET_VALUE} < {*READ_SECRET} < {*ROTATE_SECRET}


def test_who_administers_changes_no_value_no_key_and_no_policy() -> None:
    assert not {*ADMINISTER_SECRET} & {*PUT_SECRET_VALUE, *OPEN_SECRET}


def test_who_writes_moves_no_label() -> None:
    assert {*WRITE_SECRET} == {"secretsmanager:DescribeSecret", "secretsmanager:PutSecretValue"}


def test_what_can_change_the_key_or_the_policy_of_a_secret_is_for_deployers() -> None:
    model = Session().get_service_model("secretsmanager")
    changing = {
        f"secretsmanager:{name}"
        for name in model.operation_names
        if (shape := model.operation_model(name).input_shape) is not None
        and {"KmsKeyId", "AddReplicaRegions", "ResourcePolicy"} & {*shape.members}
    }

    assert changing - {"secretsmanager:CreateSecret", "secretsmanager:ValidateResourcePolicy"} <= {*OPEN_SECRET}
