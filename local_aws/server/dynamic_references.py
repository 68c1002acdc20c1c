"""CloudFormation reads what a template refers to as its execution role, policies and keys included.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm-secure-strings.html
ministack reads whatever is there. What it resolves goes to the resource's handler and is in no answer about the stack.
"""

import re

from ministack.core.responses import get_account_id, get_region
from ministack.services import secretsmanager, ssm
from ministack.services.cloudformation import engine

from local_aws.server.at_rest.parameters import data_of
from local_aws.server.caller import caller
from local_aws.server.decision import Question, refusal
from local_aws.server.secrets.condition_keys import request_keys
from local_aws.server.secrets.registry import perform

_SECRET = re.compile(r"(arn:(?:[^:]+:){5}[^:]+|[^:]+)(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?(?::([^:]*))?")

_resolve_of_ministack = engine._resolve_dynamic_reference


def extend() -> None:
    """Ask before a reference is resolved."""
    engine._resolve_dynamic_reference = _resolve


def _resolve(literal: str) -> str:
    _, service, body = literal.removeprefix("{{").removesuffix("}}").split(":", 2)
    if service == "secretsmanager":
        _check_secret(body)
    else:
        _check_parameter(body.partition(":")[0], is_secure=service == "ssm-secure")
    found: str = _resolve_of_ministack(literal)
    return found


def _check_secret(body: str) -> None:
    parts = _SECRET.fullmatch(body)
    _, record = secretsmanager._resolve(parts[1], use_arn_scope=True) if parts else (None, None)
    if parts is None or record is None:
        return  # which ministack says
    request = {"SecretId": parts[1]}
    request |= {name: parts[at] for name, at in (("VersionStage", 4), ("VersionId", 5)) if parts[at]}
    _ask("secretsmanager:GetSecretValue", record["ARN"], request_keys("GetSecretValue", request))
    perform("GetSecretValue", request)


def _check_parameter(name: str, *, is_secure: bool) -> None:
    arn = (
        name
        if name.startswith("arn:")
        else f"arn:aws:ssm:{get_region()}:{get_account_id()}:parameter/{name.lstrip('/')}"
    )
    _ask("ssm:GetParameters", arn, {})
    _, record = ssm._lookup_parameter(name, allow_arn_region=True, flexible_name=True)
    refused = data_of(record).refusal_of_caller(("Decrypt",)) if is_secure and record is not None else None
    if refused is not None:
        raise ValueError(refused)


def _ask(action: str, arn: str, context: dict[str, object]) -> None:
    refused = refusal(Question(action=action, resource=arn, context=context), caller())
    if refused is not None:
        raise ValueError(refused)
