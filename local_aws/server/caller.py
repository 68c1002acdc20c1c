"""Who is calling: the person whose signature was checked, or the role that CloudFormation acts as."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import AuthError, PrincipalInfo
from ministack.core.responses import get_account_id
from ministack.services import iam

_role: ContextVar[str | None] = ContextVar("local_aws_execution_role", default=None)
_service: ContextVar[str] = ContextVar("local_aws_service_between", default="")


@contextmanager
def acting_as(role_arn: str | None) -> Iterator[None]:
    """Let everything in the block, and the tasks that it starts, act as a role; with no role nothing changes."""
    token = _role.set(role_arn or _role.get())
    try:
        yield
    finally:
        _role.reset(token)


@contextmanager
def called_via(service: str) -> Iterator[None]:
    """Let everything in the block, and the tasks that it starts, be asked by a service for its caller.

    A role that was given to the service asks without these keys, as IAM's reference of them says. The guide of
    CloudFormation says that they are there also then; who relies on that is refused here.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/fas-requests-and-permission-evaluation.html

    Args:
        service: Its principal.
    """
    token = _service.set(service)
    try:
        yield
    finally:
        _service.reset(token)


def is_acting_as_role() -> bool:
    """Say whether CloudFormation acts as a role that it was given."""
    return _role.get() is not None


def caller() -> PrincipalInfo:
    """Find the caller with the policies that it has at this moment.

    Raises:
        PermissionError: If the role does not exist any more or nobody signed the request.
    """
    role_arn = _role.get()
    if role_arn is not None:
        return _role_session(role_arn)
    found = iam_evaluator.resolve_principal(iam_evaluator._verified_key.get(), get_account_id())
    if isinstance(found, AuthError):
        raise PermissionError(found.message)
    return replace(found, keys={**found.keys, **_keys_of_service()})


def role_named(role_arn: str) -> dict[str, object] | None:
    """Find a role of this account by its whole ARN."""
    role = iam._roles.get_scoped(get_account_id(), None, role_arn.rsplit("/", 1)[-1])
    return role if role and role["Arn"] == role_arn else None


def _keys_of_service() -> dict[str, object]:
    service = _service.get()
    if not service:
        return {}
    one = dict.fromkeys(("aws:calledviafirst", "aws:calledvialast"), service)
    return {**one, "aws:calledvia": [service], "aws:viaawsservice": "true"}


def _role_session(role_arn: str) -> PrincipalInfo:
    role = role_named(role_arn)
    if role is None:
        raise PermissionError(f"Role {role_arn} is invalid or cannot be assumed")
    account, name = get_account_id(), str(role["RoleName"])
    return PrincipalInfo(
        arn=f"arn:aws:sts::{account}:assumed-role/{name}/AWSCloudFormation",
        type="AssumedRole",
        account=account,
        policies=iam_evaluator._gather_role_policies(name, account),
        keys={"aws:userid": f"{role['RoleId']}:AWSCloudFormation"},
        limits=iam_evaluator._permissions_boundary(iam._roles, name, account),
    )
