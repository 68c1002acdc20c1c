"""Whether the CAA records of a domain let Amazon issue a certificate.

https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html and RFC 8659: the records at the name, or else at the
nearest domain above it that has any, decide; `issuewild` goes before `issue` for wildcards.
"""

from collections.abc import Sequence

from local_aws.server.certificates.public_dns import values_at

_AMAZON = {"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"}


def lets_amazon_issue(name: str) -> bool:
    """Decide for one name of a certificate.

    Args:
        name: The name, perhaps with a wildcard.
    """
    labels = name.removeprefix("*.").split(".")
    for start in range(len(labels)):
        records = [each.split(None, 2) for each in values_at(".".join(labels[start:]), "CAA")]
        if records:
            return _admits(records, is_wildcard=name.startswith("*."))
    return True


def _admits(records: Sequence[Sequence[str]], *, is_wildcard: bool) -> bool:
    issuers: dict[str, list[str]] = {}
    for _flags, tag, value in records:
        issuers.setdefault(tag.lower(), []).append(value.strip('"').partition(";")[0].strip().lower())
    deciding = issuers.get("issuewild") if is_wildcard else None
    if deciding is None:
        deciding = issuers.get("issue")
    return deciding is None or not _AMAZON.isdisjoint(deciding)
