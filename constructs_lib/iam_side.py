"""The other half of a grant: what the caller's own IAM policy must allow, beside the key policy.

A role of the key's stack is named in the key policy itself; KMS asks no more, and the IAM statement is what other
constructs of the CDK expect to find. For a role named by name, and in any other account, KMS asks for both.
https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam

from constructs_lib.actions import CREATE_GRANT
from constructs_lib.errors import ConfigurationError
from constructs_lib.granted_statements import limits_grants
from constructs_lib.principals import Conditions

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from constructs import IConstruct

    from constructs_lib.naming.grantees import Grantee

# These have no policy of their own to write into; asking the CDK costs a round trip each.
_WITHOUT_POLICY = (iam.ServicePrincipal, iam.ArnPrincipal, iam.FederatedPrincipal, iam.StarPrincipal)


def allow_in_iam(
    key: "kms.IKey", alias_name: str | None, grantee: iam.IGrantable, read: "Grantee", actions: Sequence[str]
) -> iam.Grant | None:
    """Allow actions with a key in a caller's own policy, on that key alone.

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
    principal = grantee.grant_principal
    if not isinstance(principal, _WITHOUT_POLICY):
        written = iam.Grant.add_to_principal(
            grantee=grantee, actions=actions, resource_arns=[resource], conditions=conditions or None
        )
        if written.success:
            return written
    for target in far:  # a caller through a service: the CDK writes nothing for it, KMS asks for it
        owner = target.node.scope
        if isinstance(owner, (iam.Role, iam.User)):
            # The principal's own conditions, whose tokens the CDK resolves where the role is.
            through = {**(principal.policy_fragment.conditions or {}), **conditions}
            owner.add_to_principal_policy(
                iam.PolicyStatement(actions=actions, resources=[resource], conditions=through)
            )
    return None


def granted_by_key_policy(
    key: "kms.IKey", cfn: "kms.CfnKey", grantee: iam.IGrantable, actions: Sequence[str]
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


def as_seen_by(far: "Sequence[IConstruct]", key: "kms.IKey", alias_name: str | None) -> tuple[str, dict[str, Any]]:
    """Return how IAM policies name the key: by its ARN, or from far away by Region, account and alias.

    Args:
        far: Roles and users of other stacks.
        key: The key.
        alias_name: Its alias.

    Raises:
        ConfigurationError: If one of them is in another account, Region or Stage and there is no alias.
    """
    mine = cdk.Stack.of(key)
    for target in far:
        theirs = cdk.Stack.of(target)
        same_environment = (theirs.account, theirs.region) == (mine.account, mine.region)
        if same_environment and _stage(target) == _stage(key):
            continue
        if alias_name is None:
            raise ConfigurationError(
                f"[{key.node.path}] alias must be set to grant the key to {target.node.path} in another account, "
                "Region or Stage: without it nothing but * could name the key in that role's policy"
            )
        # https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
        alias: dict[str, Any] = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": alias_name}}
        return f"arn:{mine.partition}:kms:{mine.region}:{mine.account}:key/*", alias
    return key.key_arn, {}


def _stage(node: "IConstruct") -> str:
    stage = cdk.Stage.of(node)
    return stage.node.path if stage is not None else ""


@jsii.implements(iam.IResourceWithPolicyV2)
class _PolicyThatHasIt:
    """The key policy as the CDK wants to see it when it makes a Grant: the statement stands there already."""

    def __init__(self, key: "kms.IKey", cfn: "kms.CfnKey") -> None:
        self._key, self._cfn = key, cfn

    @property
    def env(self) -> Any:  # noqa: ANN401  # jsii gives it as a struct of interfaces
        return self._key.env

    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:  # noqa: ARG002
        return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self._cfn)
