"""The other half of a grant: what the caller's own IAM policy must allow, beside the key policy.

A role of the key's stack is named in the key policy itself; KMS asks no more, and the IAM statement is what other
constructs of the CDK expect to find. For a role named by name, and in any other account, KMS asks for both.
https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import jsii
from aws_cdk import aws_iam as iam

from constructs_lib.actions import CREATE_GRANT
from constructs_lib.errors import ConfigurationError
from constructs_lib.granted_statements import limits_grants
from constructs_lib.iam_elsewhere import IamElsewhere, is_of_own_account
from constructs_lib.naming.cdk_principals import principal_of
from constructs_lib.naming.stack_facts import StackFacts
from constructs_lib.principals import Conditions

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import IConstruct

    from constructs_lib.naming.grantees import Grantee

    class KeyWithTwins(kms.IKey, Protocol):
        """A key as it is named in IAM policies."""

        @property
        def twins(self) -> "Mapping[str, kms.IKey]":
            """Keys with its key id, by Region."""


# These have no policy of their own to write into; asking the CDK costs a round trip each.
_WITHOUT_POLICY = (iam.ServicePrincipal, iam.ArnPrincipal, iam.FederatedPrincipal, iam.StarPrincipal)
# These classes themselves always take a statement; asking whether they did costs another.
_ALWAYS_WRITTEN = frozenset({iam.Role, iam.User})


def allow_in_iam(
    key: "KeyWithTwins", alias_name: str | None, grantee: iam.IGrantable, read: "Grantee", actions: Sequence[str]
) -> iam.Grant | None:
    """Allow actions with a key in a caller's own policy, on that key alone; announce what others must allow.

    Args:
        key: The key.
        alias_name: Its alias, by which a role in another account, Region or Stage is bound to the key.
        grantee: Who is allowed.
        read: The same as the key policy names it.
        actions: Exact KMS actions.

    Returns:
        The grant, or None if the caller has no policy that can be written.

    Raises:
        ConfigurationError: If a caller in another account, Region or Stage cannot be bound to this key.
    """
    resource, conditions = as_seen_by(read.far, key, alias_name)
    written = allow_on(resource, conditions, grantee, read, actions)
    for person in read.elsewhere:
        # For a role of another account the CDK reports success and writes nothing.
        if written is None or not is_of_own_account(key, person.principal):
            IamElsewhere.of(key, alias_name).note(person, _apart(actions, read.conditions))
    return written


def allow_on(
    resource: str, conditions: Mapping[str, Any], grantee: iam.IGrantable, read: "Grantee", actions: Sequence[str]
) -> iam.Grant | None:
    """Allow actions in a caller's own policy on what it calls the key.

    Args:
        resource: The ARN of a key, or of any key under conditions that mean one.
        conditions: Those conditions, as a policy document writes them.
        grantee: Who is allowed.
        read: The same as a key policy names it.
        actions: Exact KMS actions.

    Returns:
        The grant, or None if the caller has no policy that can be written.
    """
    written = None
    for allowed, limit in _apart(actions, read.conditions):
        part = _write(grantee, read.far, allowed, resource, {**conditions, **limit})
        written = part if written is None or part is None else written.combine(part)
    return written


def _apart(actions: Sequence[str], conditions: Conditions) -> list[tuple[list[str], dict[str, Any]]]:
    """Part `CreateGrant` from the rest, limited to AWS resources as in the key policy."""
    rest = [action for action in actions if action != CREATE_GRANT]
    if limits_grants(conditions) or len(rest) == len(actions):
        return [(list(actions), {})]
    grants = ([CREATE_GRANT], {"Bool": {"kms:GrantIsForAWSResource": "true"}})
    return [(rest, {}), grants] if rest else [grants]


def _write(
    grantee: iam.IGrantable,
    far: "Sequence[IConstruct]",
    actions: list[str],
    resource: str,
    conditions: dict[str, Any],
) -> iam.Grant | None:
    principal = principal_of(grantee)
    if isinstance(principal, iam.PrincipalWithConditions):
        # The CDK writes the statement for whom it wraps, without the conditions.
        conditions = _under_both(principal, conditions)
    if not isinstance(principal, _WITHOUT_POLICY):
        written = iam.Grant.add_to_principal(
            grantee=grantee, actions=actions, resource_arns=[resource], conditions=conditions or None
        )
        if type(principal) in _ALWAYS_WRITTEN or written.success:
            return written
    for target in far:  # a caller through a service: the CDK writes nothing for it, KMS asks for it
        owner = target.node.scope
        if isinstance(owner, (iam.Role, iam.User)):
            owner.add_to_principal_policy(
                iam.PolicyStatement(
                    actions=actions, resources=[resource], conditions=_under_both(principal, conditions)
                )
            )
    return None


def _under_both(principal: iam.IPrincipal, conditions: Mapping[str, Any]) -> dict[str, Any]:
    """Return conditions with the principal's own, whose tokens the CDK resolves where the role is."""
    own = principal.policy_fragment.conditions or {}
    return {name: {**own.get(name, {}), **conditions.get(name, {})} for name in {**own, **conditions}}


def granted_by_key_policy(
    key: "kms.IKey", cfn: "kms.CfnKey | kms.CfnReplicaKey", grantee: iam.IGrantable, actions: Sequence[str]
) -> iam.Grant:
    """Return a grant that the key policy gives alone, for callers without a policy of their own."""
    statement = iam.PolicyStatement(actions=list(actions), resources=["*"], principals=[grantee.grant_principal])
    return iam.Grant.add_statement_to_resource_policy(
        grantee=grantee,
        actions=list(actions),
        resource_arns=[key.key_arn],
        resource=_PolicyThatHasIt(key, cfn),
        statement=statement,
    )


def as_seen_by(far: "Sequence[IConstruct]", key: "KeyWithTwins", alias_name: str | None) -> tuple[str, dict[str, Any]]:
    """Return how IAM policies name the key: by its ARN, or from far away by Region, account and alias.

    A multi-Region key has its id in every Region, so where another of its keys stands, that one's id makes the ARN,
    without a reference between the Regions.

    Args:
        far: Roles and users of other stacks.
        key: The key.
        alias_name: Its alias.

    Raises:
        ConfigurationError: If one of them is in another account, Region or Stage and there is no alias.
    """
    mine = StackFacts.of(key)
    away = [target for target in far if not _in_environment_of(mine, target)]
    if not away:
        return key.key_arn, {}
    anywhere = f"arn:{mine.partition}:kms:{mine.region}:{mine.account}:key/"
    twin = _twin_beside(far, key)
    if twin is not None:
        return anywhere + twin.key_id, {}
    if alias_name is None:
        raise ConfigurationError(
            f"[{key.node.path}] alias must be set to grant the key to {away[0].node.path} in another account, "
            "Region or Stage: without it nothing but * could name the key in that role's policy"
        )
    # https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    return f"{anywhere}*", {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias_name}}


def _twin_beside(far: "Sequence[IConstruct]", key: "KeyWithTwins") -> "kms.IKey | None":
    """Return the key of that id in the Region, account and Stage of these roles and users, if they are all in one."""
    twin = key.twins.get(StackFacts.of(far[0]).region)
    return twin if twin is not None and all(_in_environment_of(StackFacts.of(twin), each) for each in far) else None


def _in_environment_of(mine: StackFacts, target: "IConstruct") -> bool:
    theirs = StackFacts.of(target)
    return (theirs.account, theirs.region, theirs.stage) == (mine.account, mine.region, mine.stage)


@jsii.implements(iam.IResourceWithPolicyV2)
class _PolicyThatHasIt:
    """The key policy as the CDK wants to see it when it makes a Grant: the statement stands there already."""

    def __init__(self, key: "kms.IKey", cfn: "kms.CfnKey | kms.CfnReplicaKey") -> None:
        self._key, self._cfn = key, cfn

    @property
    def env(self) -> Any:  # noqa: ANN401  # jsii gives it as a struct of interfaces
        return self._key.env

    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:  # noqa: ARG002
        return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self._cfn)
