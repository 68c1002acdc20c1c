"""The inventory of certificates as a page for people who audit it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from constructs_lib.inventory.listed_certificate import (
    CertificateUse,
    ListedCertificate,
    Origin,
    Permitted,
    Right,
)

_RIGHTS: Mapping[Right, str] = {
    Right.EXPORT: "export it with its private key",
    Right.DELETE: "delete it",
    Right.REPLACE: "import another over it",
    Right.READ_KEY: "read it with its private key in the secret",
    Right.SUPPLY: "put another one into the secret",
}
_UNKNOWN = "told at deployment"
_UNTOLD = "by **no alarm of this app**"
_LIMITS = """## What this page does not know

It reads templates, not accounts.

- Who may do what is what the app's own IAM policies allow. Whoever administers IAM in the account may do more; service
  control policies and permissions boundaries may allow less.
- Policies of the role that deploys are not in an assembly. The CDK's bootstrap gives it `AdministratorAccess` unless it
  was told otherwise; `python -m constructs_lib.execution_policy` prints the least that it needs.
- Where only the deployment knows a part of a policy, it is read as more than it may turn out to be.
- Whether a certificate is issued, and until when it is valid, ACM tells: `aws acm describe-certificate`.
"""


def inventory_page(
    title: str, beginning: str, certificates: Sequence[ListedCertificate], unread: Mapping[str, int]
) -> str:
    """Return the page as Markdown.

    Args:
        title: Its heading.
        beginning: What stands below it.
        certificates: The certificates.
        unread: The managed policies that were not read, and how many hold each.
    """
    parts = [f"# {title}\n\n{beginning}\n"]
    if certificates:
        parts += [_overview(certificates), *(_section(each) for each in certificates)]
    else:
        parts.append("This app has no certificates.\n")
    parts.append(_LIMITS + _unread(unread))
    return "\n".join(parts)


def _overview(certificates: Iterable[ListedCertificate]) -> str:
    rows = [
        (
            f"[{_names(each.domain_names) or 'unknown names'}](#{_anchor(_placeholders(_heading(each)))})",
            _key(each) or "unknown",
            each.region or _UNKNOWN,
            ", ".join(dict.fromkeys(use.what for use in each.uses)) or "**nothing of this app**",
            each.renewal or "unknown: it is not of this app",
        )
        for each in certificates
    ]
    return _table(("certificate", "key", "Region", "serves in", "renewed"), rows)


def _section(each: ListedCertificate) -> str:
    facts = [
        ("Names", _names(each.domain_names)),
        ("Where from", each.origin.value),
        ("Where it is", _where(each)),
        ("Key", _key(each)),
        ("Validated", _plain(each.validation)),
        ("Renewed", each.renewal),
        ("Its expiry is told", _told(each)),
        ("Secret", _code(each.secret)),
        ("Private key", _private_key(each)),
    ]
    told = _table(("", ""), [fact for fact in facts if fact[1]])
    return f"## {_plain(_heading(each))}\n\n{told}\n{_uses(each.uses)}\n{_permitted(each)}"


def _heading(each: ListedCertificate) -> str:
    return f"Certificate {each.path}"


def _anchor(heading: str) -> str:
    """Return the anchor that GitHub makes of a heading."""
    return "".join(letter for letter in heading.lower().replace(" ", "-") if letter.isalnum() or letter in "-_")


def _where(each: ListedCertificate) -> str:
    if each.origin is Origin.ELSEWHERE:
        return ""
    place = f"stack {each.stack}" if each.stack else "a stack"
    return f"{place}, Region {each.region or _UNKNOWN}, account {each.account or _UNKNOWN}"


def _told(each: ListedCertificate) -> str:
    if each.origin is Origin.ELSEWHERE:
        return ""
    return f"by alarms with {' and '.join(map(_plain, each.days_told))} days left" if each.days_told else _UNTOLD


def _private_key(each: ListedCertificate) -> str:
    if each.origin is Origin.ELSEWHERE:
        return ""
    if each.origin is Origin.IMPORTED:
        return "in ACM, which gives it to nobody, and in the secret"
    return "in ACM, which **gives it out**" if each.is_exportable else "in ACM, which gives it to nobody"


def _key(each: ListedCertificate) -> str:
    return each.key_algorithm.replace("_", "\\_")


def _uses(uses: Sequence[CertificateUse]) -> str:
    if not uses:
        return "Nothing in this app serves it.\n"
    rows = [
        (
            f"{use.what}: {_plain(use.path)}",
            _names(use.domain_names) or "those of its certificates",
            ", ".join(map(_code, map(_placeholders, use.tls_policies))) or "not told",
        )
        for use in uses
    ]
    return _table(("served by", "names", "TLS policy"), rows)


def _permitted(each: ListedCertificate) -> str:
    rows = [(f"may {_RIGHTS[right]}", _people(each, right)) for right in _RIGHTS if right in each.permitted]
    return _table(("who", "by the app's IAM policies"), rows) if rows else "Who may do what is not told: no ARN.\n"


def _people(each: ListedCertificate, right: Right) -> str:
    if right is Right.EXPORT and each.origin is not Origin.ELSEWHERE and not each.is_exportable:
        return "nobody: ACM does not export it"
    if right is Right.REPLACE and each.origin in {Origin.REQUESTED, Origin.PRIVATE}:
        return "nobody: ACM imports over imported ones alone"
    people = [_person(permitted) for permitted in each.permitted[right]]
    if right is Right.DELETE and each.deployer:
        role = _code(_placeholders(each.deployer.rpartition("/")[2]))
        people.append(f"{role}, with which CloudFormation deploys and deletes the stack")
    return "<br>".join(people) or "nobody"


def _person(permitted: Permitted) -> str:
    told = (("after tagging it", permitted.after_tags), ("only if", permitted.only_if))
    further = [f"{how} {' and '.join(_code(_placeholders(each)) for each in what)}" for how, what in told if what]
    return ", ".join((_plain(permitted.who), *further))


def _unread(unread: Mapping[str, int]) -> str:
    if not unread:
        return ""
    told = ", ".join(f"{_code(_placeholders(name))} ({count})" for name, count in unread.items())
    return f"- Managed policies that no template defines were not read: {told}.\n"


def _names(names: Iterable[str]) -> str:
    return ", ".join(_code(_placeholders(name)) for name in names)


def _plain(text: str) -> str:
    """Return a text that is no code, in which nothing is taken for a tag of HTML."""
    return _placeholders(text).replace("<", "&lt;")


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _placeholders(text: str) -> str:
    """Return a text in which no `${...}` holds the path of a template, nor `|` ends a cell."""
    return "".join(_shortened(text)).replace("|", "\\|")


def _shortened(text: str) -> Iterator[str]:
    for number, part in enumerate(text.split("${")):
        inner, closing, rest = part.partition("}")
        if number == 0 or not closing:
            yield part
        else:
            yield f"<{inner.rpartition('#')[2].removesuffix('.Ref')}>{rest}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
