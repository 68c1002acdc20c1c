"""The function that rotates a secret: who may have it invoked, and how Secrets Manager invokes it.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html: the caller needs
`lambda:InvokeFunction` on it. Its own policy has to admit Secrets Manager, which invokes it in nobody's name, at every
step: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
"""

from typing import Any

from ministack.services import lambda_svc

from local_aws.server.caller import caller
from local_aws.server.decision import Question, refusal
from local_aws.server.secrets.errors import SecretsError
from local_aws.server.secrets.records import Record
from local_aws.server.service_principal import acting_for, is_admitted

_INVOKE = "lambda:InvokeFunction"
_NOT_ADMITTED = (
    "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the "
    "principal secretsmanager.amazonaws.com."
)


def check_function(record: Record, arn: str) -> None:
    """Refuse a caller who may not invoke the function, and a function that Secrets Manager may not invoke.

    Args:
        record: The secret.
        arn: The function.

    Raises:
        SecretsError: If one of them may not.
    """
    try:
        refused = refusal(Question(action=_INVOKE, resource=arn), caller())
    except PermissionError as error:
        raise SecretsError("AccessDeniedException", str(error)) from error
    if refused is not None:
        raise SecretsError("AccessDeniedException", refused)
    if not _admits(record, arn):
        raise SecretsError("AccessDeniedException", _NOT_ADMITTED)


def succeeds(record: Record, event: dict[str, Any]) -> bool:
    """Invoke the function, if its policy admits that at this moment, and say whether it did its step.

    Args:
        record: The secret.
        event: What the function gets.
    """
    arn = record["RotationLambdaARN"]
    found, config, _ = lambda_svc._get_func_record_for_ref(arn)
    if found is None or config is None or not _admits(record, arn):
        return False
    execution = lambda_svc._execution_record_for_config(found, config)
    answer = lambda_svc._execute_function_with_config_scope(execution, event)
    return not (answer.get("error") or answer.get("throttle"))


def _admits(record: Record, arn: str) -> bool:
    found = lambda_svc.function_policy_for_arn(arn)
    return found is not None and is_admitted(
        found[0],
        service="secretsmanager.amazonaws.com",
        action=_INVOKE,
        resource=arn,
        keys=acting_for(record["ARN"]),
    )
