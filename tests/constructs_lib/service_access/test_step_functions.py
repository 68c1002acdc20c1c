"""What state machines need from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import step_functions
from constructs_lib.service_access.service_use import ServiceUse

WORKER = "arn:aws:iam::111122223333:role/Worker"
STATE_MACHINE = "arn:${AWS::Partition}:states:eu-west-1:111122223333:stateMachine:orders"
ACTIVITY = "arn:${AWS::Partition}:states:eu-west-1:111122223333:activity:approve"
LOGS = "arn:${AWS::Partition}:logs:eu-west-1:111122223333:*"


def test_run_state_machine_gives_exactly_this() -> None:
    use = step_functions.run_state_machine(state_machine_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "StateMachines7f1550",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:EncryptionContext:aws:states:stateMachineArn": STATE_MACHINE}},
        }
    ]
    assert use.creator == "states"


def test_read_executions_gives_exactly_this() -> None:
    use = step_functions.read_executions(state_machine_name="orders", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "ExecutionReadersaa0241",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "kms:EncryptionContext:aws:states:stateMachineArn": STATE_MACHINE,
                    "kms:ViaService": "states.eu-west-1.amazonaws.com",
                }
            },
        }
    ]
    assert use.creator == "states"


def test_run_activity_gives_exactly_this() -> None:
    use = step_functions.run_activity(activity_name="approve", region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "Activitiesd2d6d7",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:EncryptionContext:aws:states:activityArn": ACTIVITY}},
        }
    ]
    assert use.creator == "states"


def test_write_logs_gives_exactly_this() -> None:
    use = step_functions.write_logs(region="eu-west-1", account="111122223333")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "ExecutionLogs87bf6e",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:GenerateDataKey",
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:EncryptionContext:SourceArn": LOGS}},
        }
    ]
    assert use.creator == "states"


def test_deliver_logs_gives_exactly_this() -> None:
    use = step_functions.deliver_logs()
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "LogDeliveryDecrypts",
            "Effect": "Allow",
            "Principal": {"Service": "delivery.logs.amazonaws.com"},
            "Action": "kms:Decrypt",
            "Resource": "*",
        }
    ]
    assert use.creator == "states"


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (step_functions.run_state_machine, {"state_machine_name": "*"}, "state_machine_name"),
        (step_functions.run_state_machine, {"state_machine_name": ""}, "state_machine_name"),
        (step_functions.run_state_machine, {"state_machine_name": "a b:c"}, "state_machine_name"),
        (step_functions.run_state_machine, {"state_machine_name": "orders", "region": "Ireland"}, "region"),
        (step_functions.run_state_machine, {"state_machine_name": "orders", "account": "1111"}, "account"),
        (step_functions.read_executions, {"state_machine_name": "*"}, "state_machine_name"),
        (step_functions.read_executions, {"state_machine_name": ""}, "state_machine_name"),
        (step_functions.read_executions, {"state_machine_name": "a b:c"}, "state_machine_name"),
        (step_functions.read_executions, {"state_machine_name": "orders", "region": "Ireland"}, "region"),
        (step_functions.read_executions, {"state_machine_name": "orders", "account": "1111"}, "account"),
        (step_functions.run_activity, {"activity_name": "*"}, "activity_name"),
        (step_functions.run_activity, {"activity_name": ""}, "activity_name"),
        (step_functions.run_activity, {"activity_name": "a b:c"}, "activity_name"),
        (step_functions.run_activity, {"activity_name": "approve", "region": "Ireland"}, "region"),
        (step_functions.run_activity, {"activity_name": "approve", "account": "1111"}, "account"),
        (step_functions.write_logs, {"region": "Ireland"}, "region"),
        (step_functions.write_logs, {"account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
