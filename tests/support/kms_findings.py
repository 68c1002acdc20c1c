"""What is wrong with the KMS statements of an assembly: each function names one kind of fault, in sentences."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tests.support.assembled import Assembled
from tests.support.kms_statements import ACCOUNT, IAM_TYPES, PRINCIPAL_ARN, KmsStatement, kms_statements
from tests.support.template_cycles import find_cycle

KEY = "AWS::KMS::Key"
CREATE_GRANT = "kms:CreateGrant"
_USE = (
    *("kms:*", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"),
    *("kms:ReEncryptFrom", "kms:ReEncryptTo", CREATE_GRANT),
)


def findings(assembled: Assembled) -> list[str]:
    """Give every fault of every kind."""
    statements = kms_statements(assembled)
    return [
        *cycles(assembled),
        *placeholders(assembled),
        *(found for check in STATEMENT_CHECKS for found in check(statements)),
        *unpaired(statements, names_of_keys(assembled)),
    ]


def cycles(assembled: Assembled) -> Iterator[str]:
    """Find resources of one template that wait for each other."""
    for stack, template in assembled.templates.items():
        if cycle := find_cycle(template):
            yield f"cycle in {stack}: {' -> '.join(cycle)}"


def placeholders(assembled: Assembled) -> Iterator[str]:
    """Find `${...}` that nothing replaces: it stands in a plain string, not in `Fn::Sub`."""

    for stack, name, properties in assembled.resources(KEY, *IAM_TYPES):
        for text in _plain_strings(properties):
            if "${" in text:
                yield f"{text} as a plain string in {stack}/{name}"


def _plain_strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    parts = value if isinstance(value, list) else []
    if isinstance(value, Mapping):
        parts = [part for name, part in value.items() if name != "Fn::Sub"]
    for part in parts:
        yield from _plain_strings(part)


def wildcard_actions(statements: Iterable[KmsStatement]) -> Iterator[str]:
    """Find actions that are not exact."""
    for statement in statements:
        for action in statement.actions:
            if "*" in action or "?" in action:
                yield f"wildcard action {action} in {statement.where}"


def open_resources(statements: Iterable[KmsStatement]) -> Iterator[str]:
    """Find IAM statements on more than one exact key, unless a literal alias narrows them."""
    for statement in statements:
        if statement.key is not None or statement.effect != "Allow":
            continue
        narrowed = statement.condition("kms:ResourceAliases")
        by_alias = bool(narrowed) and not any("*" in alias for alias in narrowed)
        for resource in statement.resources:
            one_region = resource.startswith("arn:") and resource.endswith(":key/*") and "*" not in resource[:-1]
            if "*" in resource and not (by_alias and one_region):
                yield f"resource {resource} in {statement.where}"


def negated_elements(statements: Iterable[KmsStatement]) -> Iterator[str]:
    """Find statements that speak about everything except something."""
    for statement in statements:
        for element in statement.negated:
            yield f"{element} in {statement.where}"


def loose_grants(statements: Iterable[KmsStatement]) -> Iterator[str]:
    """Find `CreateGrant` that is not limited to AWS resources or by another condition on the grant."""
    for statement in statements:
        limited = any(
            name.lower().startswith("kms:grant") and "false" not in values for _, name, values in statement.conditions
        )
        if statement.effect == "Allow" and CREATE_GRANT in statement.actions and not limited:
            yield f"{CREATE_GRANT} without a condition on the grant in {statement.where}"


def mixed_grants(statements: Iterable[KmsStatement]) -> Iterator[str]:
    """Find key-policy statements that give `CreateGrant` together with something else."""
    for statement in statements:
        if statement.key is not None and CREATE_GRANT in statement.actions and len(statement.actions) > 1:
            yield f"{CREATE_GRANT} beside other actions in {statement.where}"


def disguised_decryption(statements: Iterable[KmsStatement]) -> Iterator[str]:
    """Find `ReEncryptFrom` for somebody who may not decrypt: with a key of his own, it decrypts."""
    for statement in statements:
        if "kms:ReEncryptFrom" in statement.actions and "kms:Decrypt" not in statement.actions:
            yield f"kms:ReEncryptFrom without kms:Decrypt in {statement.where}"


def data_key_pairs(statements: Iterable[KmsStatement]) -> Iterator[str]:
    """Find asymmetric data keys, which nobody asked for by name."""
    for statement in statements:
        for action in statement.actions:
            if action.startswith("kms:GenerateDataKeyPair"):
                yield f"{action} in {statement.where}"


def everybody(statements: Iterable[KmsStatement]) -> Iterator[str]:
    """Find key-policy statements that let anybody in."""
    for statement in statements:
        if statement.key is not None and "*" in statement.callers and statement.effect == "Allow":
            yield f"everybody in {statement.where}"


def account_wide_use(statements: Iterable[KmsStatement]) -> Iterator[str]:
    """Find use of the key that is left to the account's IAM, neither named nor through one service."""
    for statement in statements:
        bound = statement.condition(PRINCIPAL_ARN) or statement.condition("kms:ViaService")
        if statement.effect == "Allow" and ACCOUNT in statement.callers and not bound:
            for action in statement.actions:
                if action in _USE:
                    yield f"{action} for the whole account in {statement.where}"


def names_of_keys(assembled: Assembled) -> dict[str, set[str]]:
    """Give the ARN of each key of the templates, and by what IAM may call it: that ARN and its aliases."""
    found = {f"${{{stack}/{name}.Arn}}": {f"${{{stack}/{name}.Arn}}"} for stack, name, _ in assembled.resources(KEY)}
    for stack, _, properties in assembled.resources("AWS::KMS::Alias"):
        target = assembled.text(stack, properties["TargetKeyId"]).removesuffix("}").removesuffix(".Arn")
        found.get(f"{target}.Arn}}", set()).add(assembled.text(stack, properties["AliasName"]))
    return found


Held = dict[tuple[str, str], set[str]]
"""The actions that somebody has with a key."""


def unpaired(statements: Sequence[KmsStatement], names: Mapping[str, set[str]]) -> Iterator[str]:
    """Find what IAM gives a role or user of the templates and the key policy does not, or the other way round."""
    allowed = [statement for statement in statements if statement.effect == "Allow"]
    by_key = _by_key(allowed)
    # Named by identity, a caller needs no word of IAM: the CDK writes none for use through a service.
    asks_iam = _by_key(
        each for each in allowed if each.condition(PRINCIPAL_ARN) or not each.condition("kms:ViaService")
    )
    by_iam: Held = defaultdict(set)
    for statement in allowed:
        meant = {*statement.resources, *statement.condition("kms:ResourceAliases")}
        for key in (key for key, called in names.items() if statement.key is None and called & meant):
            for caller in statement.callers:
                by_iam[key, caller].update(statement.actions)
    for key, caller in sorted({*by_key, *by_iam}):
        for action in sorted(by_iam[key, caller] - by_key[key, caller]):
            yield f"{caller} has {action} by IAM, which the policy of {key} does not give"
        for action in sorted(asks_iam[key, caller] - by_iam[key, caller]):
            yield f"{caller} has {action} by the policy of {key}, which IAM does not give"


def _by_key(statements: Iterable[KmsStatement]) -> Held:
    found: Held = defaultdict(set)
    for statement in statements:
        for caller in statement.callers if statement.key is not None else ():
            if caller.startswith("${"):
                found[str(statement.key), caller].update(statement.actions)
    return found


STATEMENT_CHECKS = (
    wildcard_actions,
    open_resources,
    negated_elements,
    loose_grants,
    mixed_grants,
    disguised_decryption,
    data_key_pairs,
    everybody,
    account_wide_use,
)
