"""What somebody decided when he deployed the importing function, and what invokes it: these names bind both sides.

| variable | what it says | untold |
|---|---|---|
| `SECRET_ARN` | the secret that holds the certificate | it must be told |
| `DOMAIN_NAMES` | names that every certificate must cover: lower case, with commas between them | it must be told |
| `KEY_ALGORITHMS` | key algorithms to take, by ACM's names, with commas between them | all of `ALGORITHMS` |
| `LEAST_DAYS_LEFT` | whole days that a new certificate must still be valid | 7 |
| `TRUST_ANCHORS` | a file of the deployed code with root certificates in PEM, relative to its root | any root will do |

A rule or a schedule sends `{"certificate_arn": "<ARN of the certificate to replace>"}`, and nothing else. Of what
CloudFormation sends, two properties are read: `Tags`, a list of `{"Key": ..., "Value": ...}`, which the first import
carries and ACM takes with no other one, and in `Checks` the `SECRET_ARN`, to see that it changed. What else stands
there has CloudFormation ask again. `Fn::GetAtt` gives the attribute `CertificateArn`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from certificate_care.errors import Misconfigured

SECRET_ARN: Final = "SECRET_ARN"  # noqa: S105  # the name of a variable
DOMAIN_NAMES: Final = "DOMAIN_NAMES"
KEY_ALGORITHMS: Final = "KEY_ALGORITHMS"
LEAST_DAYS_LEFT: Final = "LEAST_DAYS_LEFT"
TRUST_ANCHORS: Final = "TRUST_ANCHORS"
VARIABLES: Final = (SECRET_ARN, DOMAIN_NAMES, KEY_ALGORITHMS, LEAST_DAYS_LEFT, TRUST_ANCHORS)
"""Every variable that the function reads."""

CERTIFICATE_ARN: Final = "certificate_arn"
"""The one key of what a rule or a schedule sends."""

CHECKS: Final = "Checks"
"""The property of the custom resource that says `SECRET_ARN`, and more that is not read."""

TAGS: Final = "Tags"
"""The property of the custom resource that the first import carries."""

ALGORITHMS: Final = ("RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1")
"""What ACM imports, without RSA_1024.

https://docs.aws.amazon.com/acm/latest/userguide/import-certificate-prerequisites.html
"""

_DAYS_DEFAULT: Final = "7"
_DAYS_MAX: Final = 365
_ARN: Final = re.compile(r"arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:\S+")
_NAME: Final = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_FILE: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the variables say.

    Attributes:
        secret_arn: The secret that holds the certificate.
        domain_names: Names that every certificate must cover.
        key_algorithms: Key algorithms to take, by ACM's names.
        least_days_left: Whole days that a new certificate must still be valid.
        trust_anchors: File with root certificates; None if any root will do.
    """

    secret_arn: str
    domain_names: tuple[str, ...]
    key_algorithms: tuple[str, ...]
    least_days_left: int
    trust_anchors: str | None

    @classmethod
    def of(cls, variables: Mapping[str, str]) -> Self:
        """Read the variables.

        Args:
            variables: By name.

        Returns:
            What they say.

        Raises:
            Misconfigured: If one says something else than it may: none of it is secret.

        Examples:
            >>> arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:tls-a1B2c3"
            >>> Settings.of({"SECRET_ARN": arn, "DOMAIN_NAMES": "example.com,*.example.com"}).domain_names
            ('example.com', '*.example.com')
        """
        secret, anchors = variables.get(SECRET_ARN, ""), variables.get(TRUST_ANCHORS)
        names = tuple(variables.get(DOMAIN_NAMES, "").split(","))
        algorithms = tuple(variables.get(KEY_ALGORITHMS, ",".join(ALGORITHMS)).split(","))
        days = variables.get(LEAST_DAYS_LEFT, _DAYS_DEFAULT)
        if not _ARN.fullmatch(secret):
            raise Misconfigured(f"{SECRET_ARN} must be the ARN of a secret, got {secret!r}")
        if unknown := [each for each in names if not _NAME.fullmatch(each)]:
            raise Misconfigured(f"{DOMAIN_NAMES} must be domain names with commas between them, got {unknown[0]!r}")
        if unknown := [each for each in algorithms if each not in ALGORITHMS]:
            raise Misconfigured(f"{KEY_ALGORITHMS} must be some of {', '.join(ALGORITHMS)}, got {unknown[0]!r}")
        if not (days.isascii() and days.isdigit() and int(days) <= _DAYS_MAX):
            raise Misconfigured(f"{LEAST_DAYS_LEFT} must be 0 to {_DAYS_MAX}, got {days!r}")
        if anchors is not None and not _FILE.fullmatch(anchors):
            raise Misconfigured(f"{TRUST_ANCHORS} must be a file of the deployed code, got {anchors!r}")
        return cls(secret, names, algorithms, int(days), anchors)
