"""Cautions: what matters most before one key policy takes the place of another."""

import re
from collections.abc import Iterator, Sequence

from constructs_lib.actions import CREATE_GRANT, PUT_KEY_POLICY
from constructs_lib.adoption.access import access_changes, access_of_callers, callers_of, is_account
from constructs_lib.adoption.written_policy import EVERYBODY, WrittenStatement

_DEPLOYERS = "Deployers"  # how the Sids of this library's statements for them begin
_UNIQUE_ID = re.compile(r"A(?:ROA|IDA)[A-Z0-9]{12,}")
_RESOURCE = re.compile(r"(?<=:)(?:role|user)/.*")
_OPEN = re.compile(r"\$\{AWS::(AccountId|Region)\}")

Policy = Sequence[WrittenStatement]


def cautions(today: Policy, after: Policy, *, use: frozenset[str]) -> tuple[str, ...]:
    """Return sentences, the gravest first.

    Args:
        today: The policy of today.
        after: The policy that takes its place.
        use: The actions that use the key on data.
    """
    return (
        *_locked(today, after),
        *_account_wide(today, after, use),
        *_losers(today, after, use),
        *_needing_iam(today, after),
        *_denials(today, after),
        *_unknown(today, after),
    )


def _may(policy: Policy, action: str) -> frozenset[str]:
    """Return whom a policy lets do something: nobody whom it denies that without a condition."""
    denied = any(
        action in each.actions and EVERYBODY in each.principals and not each.conditions
        for each in policy
        if each.effect == "Deny"
    )
    return (
        frozenset() if denied else frozenset(c for c, access in access_of_callers(policy).items() if action in access)
    )


def _locked(today: Policy, after: Policy) -> Iterator[str]:
    if not any(_is_living(caller) for caller in _may(after, PUT_KEY_POLICY)):
        yield f"the policy of the template lets nobody call {PUT_KEY_POLICY}: KMS refuses it"
    before = _may(today, PUT_KEY_POLICY)
    deployers = {caller for each in after if each.name.startswith(_DEPLOYERS) for caller in callers_of(each)}
    shut_out = sorted(each for each in deployers - before if not {_account_of(each), EVERYBODY} & before)
    if shut_out:
        yield (
            f"the policy of today does not let {', '.join(shut_out)} call {PUT_KEY_POLICY}: "
            "let a principal that may do so add that first, or the deployment fails"
        )


def _account_wide(today: Policy, after: Policy, use: frozenset[str]) -> Iterator[str]:
    for change in access_changes(today, after):
        ends = ", ".join(sorted(change.lost & {*use, CREATE_GRANT}))
        if ends and is_account(change.caller):
            yield f"IAM policies of {change.caller} alone no longer give {ends}: whoever needs that has to be named"
        elif ends and change.caller == EVERYBODY:
            yield f"everybody loses {ends}: whoever needs that has to be named"


def _losers(today: Policy, after: Policy, use: frozenset[str]) -> Iterator[str]:
    for change in access_changes(today, after):
        if is_account(change.caller) or change.caller == EVERYBODY or _UNIQUE_ID.fullmatch(change.caller):
            continue
        if not change.kept and not change.won:
            yield f"{change.caller} loses all access"
        elif change.lost & use:
            yield f"{change.caller} loses {', '.join(sorted(change.lost & use))}"


def _needing_iam(today: Policy, after: Policy) -> Iterator[str]:
    """Find those whom KMS asked no IAM policy about, and now does.

    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
    """
    before = {name for each in today if each.effect == "Allow" for name in each.principals if not is_account(name)}
    behind = {name for each in after if each.effect == "Allow" for name in each.principals}
    for caller in sorted(before & (access_of_callers(after).keys() - behind)):
        yield f"{caller} is named by name from now on: its IAM policies have to allow what it does, too"


def _denials(today: Policy, after: Policy) -> Iterator[str]:
    kept = {each.name for each in after if each.effect == "Deny"}
    for each in today:
        if each.effect == "Deny" and each.name not in kept:
            yield f"{each.name} denies nothing any more"


def _unknown(today: Policy, after: Policy) -> Iterator[str]:
    for caller in sorted(filter(_UNIQUE_ID.fullmatch, access_of_callers(today))):
        yield f"{caller} is a role or user that was deleted"
    texts = [text for each in after for text in (*each.principals, *(v for c in each.conditions for v in c.values))]
    left_open = sorted({found for text in texts for found in _OPEN.findall(text)})
    if left_open:
        yield f"the template leaves {' and '.join(left_open)} open: say --account and --region"
    made = sorted({text for text in texts if text.startswith("${") and not _OPEN.match(text)})
    if made:
        yield f"only the deployment knows {', '.join(made)}: say --resources, if they are deployed already"


def _is_living(caller: str) -> bool:
    return caller == EVERYBODY or caller.startswith(("arn:", "${"))


def _account_of(caller: str) -> str:
    return _RESOURCE.sub("root", caller)
