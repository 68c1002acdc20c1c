"""Who renews a certificate, and what somebody does about one that is not renewed: by what is known of it."""

from collections.abc import Mapping

from constructs_lib.wiring.certificate_facts import Renewal

_DESCRIBE = "aws acm describe-certificate --region <region> --certificate-arn {arn}"
_PUT = "Have a new certificate issued, and put it with key and chain into its secret: it is checked, then imported"

WHO_RENEWS: Mapping[Renewal | None, str] = {
    Renewal.BY_ACM: "ACM, while its validation records stand and something serves it",
    Renewal.BY_HAND: "ACM, when somebody answers the e-mail that it writes to the owners of the domain",
    Renewal.FROM_SECRET: "whoever puts the next certificate into its secret, from which it is imported",
    None: "ACM, if it issued it, something serves it and its validation records stand; nobody, if it was imported",
}
"""In the words of messages."""

REMEDIES: Mapping[Renewal | None, tuple[str, ...]] = {
    Renewal.BY_ACM: (
        f"{_DESCRIBE}, and look at InUseBy, which must name something, and at RenewalSummary",
        "Put each ResourceRecord that it names back into public DNS, and look for CAA records that shut Amazon out",
    ),
    Renewal.BY_HAND: (
        f"{_DESCRIBE}, and look at InUseBy, which must name something, and at RenewalSummary",
        "aws acm resend-validation-email with the names that it says are pending, and follow the link in that e-mail",
    ),
    Renewal.FROM_SECRET: (
        _PUT,
        f"{_DESCRIBE}, which says until when the one in service is valid: NotAfter",
    ),
    None: (
        f"{_DESCRIBE}, and look at Type: AMAZON_ISSUED is renewed if InUseBy names something and records stand",
        "Import the next one to the same ARN if Type is IMPORTED: aws acm import-certificate",
    ),
}
"""What to do, one step each, with `{arn}` for the ARN of the certificate."""
