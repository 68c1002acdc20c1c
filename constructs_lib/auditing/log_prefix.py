"""The prefix of a trail's log files: what stands before `AWSLogs/` in their keys."""

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access.resource_names import OBJECT_PREFIX
from constructs_lib.wiring.given_resources import check_text

LOGS = "AWSLogs/"

# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
_LONGEST = 200


def check_prefix(prefix: str) -> str:
    """Return a prefix with a slash at its end, or nothing.

    Args:
        prefix: As CloudTrail or as S3 writes it, without that slash or with it.

    Raises:
        ConfigurationError: If it is no literal text, begins with a slash, holds two in a row or a wildcard, or is too
            long.

    Examples:
        >>> check_prefix("audit"), check_prefix("audit/"), check_prefix("")
        ('audit/', 'audit/', '')
    """
    check_text("prefix", prefix)
    if prefix == "":
        return prefix
    bare = prefix.removesuffix("/")
    if cdk.Token.is_unresolved(prefix) or "${" in prefix:
        raise ConfigurationError(f"prefix must be a literal text, got {prefix!r}")
    OBJECT_PREFIX.check("prefix", prefix)
    if prefix.startswith("/") or "//" in f"{bare}/" or len(bare) > _LONGEST:
        raise ConfigurationError(
            f"prefix must be at most {_LONGEST} characters without a slash at its beginning or two in a row, "
            f"got {prefix!r}"
        )
    return f"{bare}/"
