"""Step Functions: encrypted state machines and activities, and the delivery of their logs."""

from constructs_lib.actions import DECRYPT, GENERATE_DATA_KEY
from constructs_lib.principals import Conditions, short_digest
from constructs_lib.service_access.resource_names import ACTIVITY, STATE_MACHINE, checked_account, checked_region
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    PARTITION,
    REGION,
    Allowance,
    ServiceUse,
    both,
    in_context,
    via,
)

_CREATOR = "states"
_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html"
_READ_AND_WRITE = (*DECRYPT, *GENERATE_DATA_KEY)


def run_state_machine(*, state_machine_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let the role of a state machine run it.

    The role calls KMS itself: under `kms:ViaService` executions fail, as the page says.
    https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html

    Args:
        state_machine_name: Name of the state machine, or a pattern of it.
        region: Region of the state machine.
        account: Account of the state machine.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    machine = _arn(
        "stateMachine", STATE_MACHINE.check_pattern("state_machine_name", state_machine_name), region, account
    )
    context = in_context("aws:states:stateMachineArn", machine)
    return ServiceUse(
        title="Step Functions: the role of a state machine",
        page=_PAGE,
        running=(Allowance(sid=f"StateMachines{short_digest(machine)}", actions=_READ_AND_WRITE, conditions=context),),
        creator=_CREATOR,
    )


def read_executions(*, state_machine_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers read the definition, the executions and the history of a state machine, through Step Functions.

    https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html

    Args:
        state_machine_name: Name of the state machine, or a pattern of it.
        region: Region of the state machine.
        account: Account of the state machine.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    machine = _arn(
        "stateMachine", STATE_MACHINE.check_pattern("state_machine_name", state_machine_name), region, account
    )
    conditions = both(via(_CREATOR, region), in_context("aws:states:stateMachineArn", machine))
    return ServiceUse(
        title="Step Functions: who reads executions",
        page=_PAGE,
        running=(Allowance(sid=f"ExecutionReaders{short_digest(conditions)}", actions=DECRYPT, conditions=conditions),),
        creator=_CREATOR,
    )


def run_activity(*, activity_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let the role of a state machine schedule an encrypted activity.

    https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html

    Args:
        activity_name: Name of the activity, or a pattern of it.
        region: Region of the activity.
        account: Account of the activity.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    activity = _arn("activity", ACTIVITY.check_pattern("activity_name", activity_name), region, account)
    context = in_context("aws:states:activityArn", activity)
    return ServiceUse(
        title="Step Functions: the role that schedules an activity",
        page=_PAGE,
        running=(Allowance(sid=f"Activities{short_digest(activity)}", actions=_READ_AND_WRITE, conditions=context),),
        creator=_CREATOR,
    )


def write_logs(*, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let the role of a state machine under this key log its executions; with it goes `deliver_logs`.

    https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html

    Args:
        region: Region of the log group.
        account: Account of the log group.

    Raises:
        ConfigurationError: If the Region or the account is none.
    """
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    # Not a pattern: the value of the context ends in this star.
    context: Conditions = {"StringEquals": {"kms:EncryptionContext:SourceArn": (f"arn:{PARTITION}:logs:{where}:*",)}}
    return ServiceUse(
        title="Step Functions: the role that logs executions",
        page=_PAGE,
        running=(
            Allowance(sid=f"ExecutionLogs{short_digest(context)}", actions=GENERATE_DATA_KEY, conditions=context),
        ),
        creator=_CREATOR,
    )


def deliver_logs() -> ServiceUse:
    """Let the delivery of logs decrypt what a state machine under this key logs. AWS documents no condition.

    https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
    """
    return ServiceUse(
        title="Step Functions: delivery of logs",
        page=_PAGE,
        running=(Allowance(sid="LogDeliveryDecrypts", service="delivery.logs.amazonaws.com", actions=DECRYPT),),
        creator=_CREATOR,
    )


def _arn(kind: str, name: str, region: str, account: str) -> str:
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    return f"arn:{PARTITION}:states:{where}:{kind}:{name}"
