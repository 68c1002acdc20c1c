"""A grant lets its grantee do what it says, as long as no policy denies it; ministack keeps grants and asks none.

https://docs.aws.amazon.com/kms/latest/developerguide/grants.html: who is granted something is bound to its
identity, as in a key policy. A grant is effective at once, with or without its token.
"""

from collections.abc import Mapping
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext, EvalResult
from ministack.core.responses import get_account_id
from ministack.services import iam, kms

from local_aws.server.kms import registry
from local_aws.server.kms.key_uses import GRANT
from local_aws.server.kms.registry import Operation, Request
from local_aws.server.principal_arn import role_arn_of

_WITHOUT_CONTEXT = frozenset(("DescribeKey", "GetPublicKey", "RetireGrant"))

_combine_of_ministack = iam_evaluator.combine_resource_policy


def extend() -> None:
    """Ask the grants where policies say nothing."""
    registry.wrap("CreateGrant", _create)
    iam_evaluator.combine_resource_policy = _combine


def _create(request: Request, create: Operation) -> Request:
    answer = create(request)
    grant = kms._grants[answer["GrantId"]]
    for name in ("GranteePrincipal", "RetiringPrincipal"):
        grant[f"_{name}"] = _identity(grant.get(name))
    return answer


def _combine(identity: EvalResult, context: EvalContext, *arguments: object, **options: object) -> EvalResult:
    result = _combine_of_ministack(identity, context, *arguments, **options)
    service, _, action = context.action.partition(":")
    if service != "kms" or result.decision != "ImplicitDeny":
        return result
    for grant in kms._grants.values():
        if grant["KeyId"] == context.resource_arn and _allows(grant, action, context):
            return EvalResult("Allow", context.principal_arn, "", f"Grant {grant['GrantId']}")
    return result


def _allows(grant: Mapping[str, Any], action: str, context: EvalContext) -> bool:
    if action == "RetireGrant" and context.service_context.get(GRANT) != grant["GrantId"]:
        return False
    if action == "RetireGrant" and _is(grant, "RetiringPrincipal", context):
        return True
    return (
        action in grant["Operations"]
        and _is(grant, "GranteePrincipal", context)
        and (action in _WITHOUT_CONTEXT or _is_within(grant.get("Constraints") or {}, context))
        and (
            action != "CreateGrant"
            or set(context.service_context.get("kms:grantoperations", ())) <= set(grant["Operations"])
        )
    )


def _is(grant: Mapping[str, Any], who: str, context: EvalContext) -> bool:
    caller = context.principal_arn
    if grant.get(who) == caller and ":assumed-role/" in caller:
        return True
    return grant.get(who) == role_arn_of(caller) and grant[f"_{who}"] == _identity(grant[who])


def _is_within(constraints: Mapping[str, Mapping[str, str]], context: EvalContext) -> bool:
    found = context.service_context
    given = {
        key: found.get(f"kms:encryptioncontext:{key.lower()}") for key in found.get("kms:encryptioncontextkeys", ())
    }
    equal, part = constraints.get("EncryptionContextEquals"), constraints.get("EncryptionContextSubset") or {}
    return (equal is None or given == equal) and part.items() <= given.items()


def _identity(arn: str | None) -> str | None:
    """Return the unique id of a role or user, of which there may be another one of the same name later."""
    kind, _, name = (arn or "").rpartition(":")[2].partition("/")
    store = {"role": iam._roles, "user": iam._users}.get(kind)
    found = store.get_scoped(get_account_id(), None, name.rpartition("/")[2]) if store is not None else None
    return str(found["RoleId" if kind == "role" else "UserId"]) if found else None
