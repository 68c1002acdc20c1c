"""Rule: IAM lets nobody read or write one of our secrets whose own policy denies it to him.

Such a statement is dead: Secrets Manager refuses the call, whatever IAM allows. It is a grant that never reached the
secret, because a construct wrote its IAM statement by itself, and it shows only when the first call fails.
https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html

What only the deployment knows is no finding: neither an effect, an action or a resource that a token says, nor a role
that may be one of the names in the secret's policy. A resource that covers more than one name, such as `*` or
`secret:orders/*`, speaks of no secret. Groups and permission sets are not looked at, since no policy of a secret names
a group, nor does a template say in which accounts a set is assigned; nor are `NotResource`, policies that the app
neither defines nor attaches, and resources that name a secret for a role which no statement lets read it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.identity_policies import GROUP, PERMISSION_SET, Holder, IdentityPolicy, identity_policies
from constructs_lib.guardrails.named_secrets import NamedSecrets
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.secret_policies import SecretPolicies
from constructs_lib.guardrails.template_values import Located, as_list
from constructs_lib.secret_actions import GET_SECRET_VALUE, WRITE_SECRET

_GRANTS: Mapping[str, str] = {
    GET_SECRET_VALUE[0]: "secret.grant_read",
    WRITE_SECRET[-1]: "secret.grant_write",
}


@dataclass(frozen=True)
class DeniedSecret:
    """An IAM statement that allows what the policy of a secret denies.

    Attributes:
        policy: Where the statement stands.
        holder: Whose policy it is.
        secret: The secret.
        actions: What is allowed and denied.
    """

    policy: Located
    holder: Holder
    secret: Located
    actions: tuple[str, ...]

    def remedy(self, who: str) -> str:
        """Say what to do about it.

        Args:
            who: The holder, as people call it.
        """
        calls = " and ".join(f"{_GRANTS[action]}(grantee)" for action in self.actions)
        return (
            f"call {calls} for {who}, which reaches IAM, the key and the policy of the secret, or take the statement "
            "away"
        )


def denied_secrets(templates: CloudTemplates) -> list[DeniedSecret]:
    """Return the uses of our secrets that IAM allows and the policies of the secrets deny for certain.

    Args:
        templates: Of the app.
    """
    references = References(templates)
    policies = SecretPolicies(references)
    if policies.is_empty:
        return []
    named = NamedSecrets(references, policies)
    found: dict[tuple[Located, Holder, Located], set[str]] = {}
    for policy in identity_policies(references):
        if policy.holder.kind in {GROUP, PERMISSION_SET}:
            continue
        for action, secrets in _allowed(named, policy):
            if all(policies.deny(secret, action, policy.holder) for secret in secrets):
                found.setdefault((policy.place, policy.holder, min(secrets)), set()).add(action)
    return [DeniedSecret(*where, tuple(sorted(actions))) for where, actions in found.items()]


def _allowed(named: NamedSecrets, policy: IdentityPolicy) -> Iterator[tuple[str, list[Located]]]:
    """Yield what a policy certainly allows, each with the secret that is meant or, where that is open, all of them."""
    for statement in policy.statements():
        actions = _actions(statement) if statement.get("Effect") == "Allow" else []
        for resource in as_list(statement.get("Resource")) if actions else ():
            secrets = named.named_by(policy.place.template, resource)
            yield from ((action, secrets) for action in actions if secrets)


def _actions(statement: Mapping[str, Any]) -> list[str]:
    if "NotAction" in statement:
        excepted = as_list(statement["NotAction"])
        if not all(isinstance(each, str) for each in excepted):
            return []
        return [action for action in _GRANTS if not _matches(action, excepted)]
    return [action for action in _GRANTS if _matches(action, as_list(statement.get("Action")))]


def _matches(action: str, patterns: list[Any]) -> bool:
    return any(isinstance(each, str) and fnmatchcase(action.lower(), each.lower()) for each in patterns)
