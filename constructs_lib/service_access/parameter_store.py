"""Parameter Store: who reads and writes SecureString parameters. It makes no grants; each call is the caller's own."""

from constructs_lib.actions import DECRYPT, GENERATE_DATA_KEY, WRAP_DATA_KEY
from constructs_lib.principals import Conditions, short_digest
from constructs_lib.service_access.resource_names import PARAMETER, checked_account, checked_region
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

_PAGE = "https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html"


def read_parameter(*, parameter_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers read one SecureString parameter.

    https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html

    Args:
        parameter_name: Name of the parameter with its path, or a pattern of it.
        region: Region of the parameter.
        account: Account of the parameter.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = _through(parameter_name, region, account)
    return ServiceUse(
        title="Parameter Store: readers of a SecureString",
        page=_PAGE,
        running=(Allowance(sid=f"ParameterReaders{short_digest(conditions)}", actions=DECRYPT, conditions=conditions),),
    )


def write_parameter(*, parameter_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let callers put new values into one SecureString parameter, of the standard tier or the advanced one.

    Parameter Store encrypts the value of a standard parameter under the key itself, and that of an advanced one under a
    data key. https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html

    Args:
        parameter_name: Name of the parameter with its path, or a pattern of it.
        region: Region of the parameter.
        account: Account of the parameter.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    conditions = _through(parameter_name, region, account)
    actions = (*WRAP_DATA_KEY, *GENERATE_DATA_KEY)
    return ServiceUse(
        title="Parameter Store: writers of a SecureString",
        page=_PAGE,
        running=(Allowance(sid=f"ParameterWriters{short_digest(conditions)}", actions=actions, conditions=conditions),),
    )


def _through(parameter_name: str, region: str, account: str) -> Conditions:
    name = PARAMETER.check_pattern("parameter_name", parameter_name).removeprefix("/")  # `/a/b` is `parameter/a/b`
    PARAMETER.check_pattern("parameter_name", name)  # `/*` would be everything
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    return both(via("ssm", region), in_context("PARAMETER_ARN", f"arn:{PARTITION}:ssm:{where}:parameter/{name}"))
