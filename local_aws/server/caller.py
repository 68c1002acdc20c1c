"""Who is calling: the person whose signature was checked, or the role that CloudFormation acts as."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import AuthError, PrincipalInfo
from ministack.core.responses import get_account_id
from ministack.services import iam

_role: ContextVar[str | None] = ContextVar("local_aws_execution_role", default=None)


@contextmanager
def acting_as(role_arn: str | None) -> Iterator[None]:
    """Let everything in the block, and the tasks that it starts, act as a role; with no role nothing changes."""
    token = _role.set(role_arn or _role.get())
    try:
        yield
    finally:
        _role.reset(token)


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
    return found


def role_named(role_arn: str) -> dict[str, object] | None:
    """Find a role of this account by its whole ARN."""
    role = iam._roles.get_scoped(get_account_id(), None, role_arn.rsplit("/", 1)[-1])
    return role if role and role["Arn"] == role_arn else None


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
