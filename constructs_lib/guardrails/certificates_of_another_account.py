"""Rule: a certificate is of the account of what serves it, or the deployment fails.

ACM has no resource policies, and certificates are not among what accounts can share, so no service takes the
certificate of another one. The CDK writes the reference all the same.
https://docs.aws.amazon.com/acm/latest/userguide/managing-access.html
https://docs.aws.amazon.com/ram/latest/userguide/shareable.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from constructs_lib.errors import ConfigurationError
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.served_certificates import Served
from constructs_lib.guardrails.template_values import Located
from constructs_lib.principals import arn_parts

_ACCOUNT = re.compile(r"\d{12}")


@dataclass(frozen=True)
class OfAnotherAccount:
    """A certificate that its service may not use.

    Attributes:
        place: What serves it.
        certificate: The certificate, or None if the app does not define it.
        arn: Its ARN as text.
        account: Its account.
        wanted: The account where it must be.
    """

    place: Located
    certificate: Located | None
    arn: str
    account: str
    wanted: str


def certificates_of_another_account(references: References, served: list[Served]) -> Iterator[OfAnotherAccount]:
    """Yield certificates that are known to be of another account than what serves them.

    Args:
        references: Of the app.
        served: What its resources serve.
    """
    for each in served:
        wanted, found = references.templates.stack(each.by.template).account, _account(references, each)
        if wanted and found and wanted != found:
            yield OfAnotherAccount(each.by, each.certificate, each.arn, found, wanted)


def _account(references: References, served: Served) -> str:
    if served.certificate is not None:
        return references.templates.stack(served.certificate.template).account
    try:
        account = arn_parts(served.arn)[4]
    except ConfigurationError:  # a reference, which only the deployment knows
        return ""
    return account if _ACCOUNT.fullmatch(account) else ""
