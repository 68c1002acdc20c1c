"""Whether a certificate covers the names that are served.

https://www.rfc-editor.org/rfc/rfc9525#section-6.3
"""

from collections.abc import Sequence

from certificate_care.errors import CertificateRefused

_SHOWN = 10


def check_names(certificate_names: Sequence[str], *, told: Sequence[str]) -> None:
    """Check that a certificate covers every name.

    Args:
        certificate_names: The DNS names of its subject's alternative names.
        told: The names that it must cover, in lower case; may have wildcards.

    Raises:
        CertificateRefused: If it covers one of them not.

    Examples:
        >>> check_names(["example.com", "*.example.com"], told=["shop.example.com"])
    """
    missing = [each for each in told if not covers(certificate_names, each)]
    if missing:
        raise CertificateRefused(
            f"certificate must cover {listed(missing)} among its alternative names, got {listed(certificate_names)}"
        )


def covers(certificate_names: Sequence[str], name: str) -> bool:
    """Tell whether one of the names of a certificate covers a name.

    A wildcard stands for exactly one label, and only a whole one on the left; a name with a wildcard is covered by the
    same name only.

    Args:
        certificate_names: In lower case.
        name: In lower case.

    Returns:
        Whether one does.

    Examples:
        >>> covers(["*.example.com"], "shop.example.com"), covers(["*.example.com"], "a.shop.example.com")
        (True, False)
    """
    label, _, rest = name.partition(".")
    return name in certificate_names or (label not in {"", "*"} and bool(rest) and f"*.{rest}" in certificate_names)


def further_names(certificate_names: Sequence[str], *, told: Sequence[str]) -> tuple[str, ...]:
    """Return what a certificate speaks for beside the names that it must cover: whoever has its key may show it there.

    Args:
        certificate_names: In lower case.
        told: The names that it must cover, in lower case.

    Returns:
        Those of the names of the certificate that none of those told covers.

    Examples:
        >>> further_names(["shop.example.com", "www.shop.example.com", "*.com"], told=["*.example.com"])
        ('www.shop.example.com', '*.com')
    """
    return tuple(each for each in certificate_names if not covers(told, each))


def listed(names: Sequence[str]) -> str:
    """Write names for people: the first ten, whatever letters somebody put into them.

    Args:
        names: Of a certificate, or told.
    """
    shown = ["".join(each if each.isprintable() else "?" for each in name) for name in names[:_SHOWN]]
    more = [f"{len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
    return ", ".join([*shown, *more]) or "none"
