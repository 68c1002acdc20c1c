"""Rule: IAM lets nobody use one of our keys whose key policy does not.

Such a statement is dead at best: KMS refuses the call. More often it is a grant that never reached the key, because a
construct wrote its IAM statement by itself, and it shows only when the first call fails.

A statement names a key by its ARN, or by its alias: as `kms:ResourceAliases` or `kms:RequestAlias` of every key, or as
an alias ARN. IAM takes no alias ARN for the use of a key, so such a statement gives nothing even where the key policy
agrees; it is a finding where the key policy does not, since then nothing that was meant is allowed.
https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html

Limits: `Resource: "*"` without such a condition names no key and is not looked at, nor are `NotResource` and wildcards
in an alias. Managed policies that the app neither defines nor attaches are not in its templates.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.actions import OF_ALIASES, OF_KEY_POLICIES, matching
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.identity_policies import Holder, IdentityPolicy, identity_policies
from constructs_lib.guardrails.key_policy_callers import allowed
from constructs_lib.guardrails.named_keys import Named, NamedKeys
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located, as_list


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


def uses_without_key_policy(templates: CloudTemplates, keys: Iterable[Located]) -> list[Use]:
    """Return the uses of these keys that IAM allows and their key policies do not."""
    references = References(templates)
    named_keys = NamedKeys(references, keys)
    found: dict[tuple[Located, Holder, Located, tuple[str, ...]], Use] = {}
    for policy in identity_policies(references):
        for statement in policy.statements():
            actions = _actions(statement) if statement.get("Effect") == "Allow" else set()
            for named in named_keys.named_by(policy.place.template, statement) if actions else ():
                use = _use(references, policy, statement, named, actions)
                if use.missing:
                    found[use.policy, use.holder, use.key, use.missing] = use
    return list(found.values())


def _actions(statement: Mapping[str, Any]) -> set[str]:
    if "NotAction" in statement:
        return set(OF_KEY_POLICIES) - matching(str(action) for action in as_list(statement["NotAction"]))
    return matching(str(action) for action in as_list(statement.get("Action")))


def _use(
    references: References, policy: IdentityPolicy, statement: Mapping[str, Any], named: Named, actions: set[str]
) -> Use:
    """Return the use of the key, and of several with one alias that of the one whose policy lacks least."""
    wanted = actions - OF_ALIASES if named.alias_arn else actions
    lacking = {key: wanted - allowed(references, key, policy.holder) for key in named.keys}
    key = min(lacking, key=lambda key: (len(lacking[key]), key.template != policy.place.template, key))
    written = {str(action).lower() for action in as_list(statement.get("Action"))}
    missing = tuple(sorted(lacking[key]))
    unnamed = tuple(action for action in missing if action.lower() not in written)
    return Use(policy.place, policy.holder, key, missing, unnamed)
