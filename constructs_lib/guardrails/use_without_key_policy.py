"""Rule: IAM lets nobody use one of our keys whose key policy does not.

Such a statement is dead at best: KMS refuses the call. More often it is a grant that never reached the key, because a
construct wrote its IAM statement by itself, and it shows only when the first call fails.

A statement names a key by its ARN, or by its alias: as `kms:ResourceAliases` or `kms:RequestAlias` of every key, or as
an alias ARN. IAM takes no alias ARN for the use of a key, so such a statement gives nothing even where the key policy
agrees; it is a finding where the key policy does not, since then nothing that was meant is allowed.
https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html

What only the deployment knows is read as more than it may turn out to be: an effect as `Allow`, a part of an action as
`*`, an excepted action as none.

Limits: a resource that covers every key of some account and Region, in whichever form (`*`, `arn:aws:kms:*`,
`arn:aws:kms:eu-west-1:111122223333:*`, `...:key/*`), names no key without such a condition and is not looked at: it
speaks of the keys whose policies leave their use to IAM, and those of this library refuse it. Nor are wildcards within
an id or an alias looked at, conditions on tags, and `NotResource`. Managed policies that the app neither defines nor
attaches are not in its templates.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.actions import OF_ALIASES, OF_KEY_POLICIES
from constructs_lib.exact_actions import matching
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.identity_policies import GROUP, PERMISSION_SET, Holder, IdentityPolicy, identity_policies
from constructs_lib.guardrails.key_policy_callers import allowed
from constructs_lib.guardrails.named_keys import Named, NamedKeys
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located, as_list

_UNKNOWN = re.compile(r"\$\{.*\}", re.DOTALL)


@dataclass(frozen=True)
class Use:
    """An IAM statement that allows actions with a key.

    Attributes:
        policy: Where the statement stands.
        holder: Whose policy it is.
        key: The key.
        missing: What the key policy does not allow the holder.
        unnamed: Those of them that the statement does not name: a wildcard or `NotAction` means them.
    """

    policy: Located
    holder: Holder
    key: Located
    missing: tuple[str, ...]
    unnamed: tuple[str, ...]

    def remedy(self, who: str) -> str:
        """Say what to do about it.

        Args:
            who: The holder, as people call it.
        """
        if self.unnamed:
            return "write exact actions instead of a wildcard, and those that use the key by grant on the key"
        wanted = ", ".join(repr(action) for action in self.missing)
        if self.holder.kind == GROUP:
            users = f"call key.grant(user, {wanted}) for users, since a key policy names no group"
            return f"{users}, or take the statement away"
        if self.holder.kind == PERMISSION_SET:
            return f"grant {wanted} to its roles, aws:PrincipalArn like */AWSReservedSSO_<its name>_*, or take it away"
        return f"call key.grant(grantee, {wanted}) on the key for {who}, or take the statement away"


def uses_without_key_policy(templates: CloudTemplates, keys: Iterable[Located]) -> list[Use]:
    """Return the uses of these keys that IAM allows and their key policies do not."""
    references = References(templates)
    named_keys = NamedKeys(references, keys)
    found: dict[tuple[Located, Holder, Located, tuple[str, ...]], Use] = {}
    for policy in identity_policies(references):
        for statement in policy.statements():
            actions = _actions(references, policy, statement) if _may_allow(references, policy, statement) else set()
            for named in named_keys.named_by(policy.place.template, statement) if actions else ():
                use = _use(references, policy, statement, named, actions)
                if use.missing:
                    found[use.policy, use.holder, use.key, use.missing] = use
    return list(found.values())


def _may_allow(references: References, policy: IdentityPolicy, statement: Mapping[str, Any]) -> bool:
    effects = _texts(references, policy, statement.get("Effect"))
    return any(text == "Allow" or _UNKNOWN.search(text) for text in effects)


def _actions(references: References, policy: IdentityPolicy, statement: Mapping[str, Any]) -> set[str]:
    if "NotAction" in statement:
        excepted = _texts(references, policy, statement["NotAction"])
        return set(OF_KEY_POLICIES) - matching(text for text in excepted if not _UNKNOWN.search(text))
    return matching(_UNKNOWN.sub("*", text) for text in _texts(references, policy, statement.get("Action")))


def _texts(references: References, policy: IdentityPolicy, value: object) -> list[str]:
    return [references.text(policy.place.template, each) for each in as_list(value)]


def _use(
    references: References, policy: IdentityPolicy, statement: Mapping[str, Any], named: Named, actions: set[str]
) -> Use:
    """Return the use of the key, and of several with one alias that of the one whose policy lacks least."""
    wanted = actions - OF_ALIASES if named.alias_arn else actions
    lacking = {key: wanted - allowed(references, key, policy.holder) for key in named.keys}
    key = min(lacking, key=lambda key: (len(lacking[key]), key.template != policy.place.template, key))
    written = {text.lower() for text in _texts(references, policy, statement.get("Action"))}
    missing = tuple(sorted(lacking[key]))
    unnamed = tuple(action for action in missing if action.lower() not in written)
    return Use(policy.place, policy.holder, key, missing, unnamed)
