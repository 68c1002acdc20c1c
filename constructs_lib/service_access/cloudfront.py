"""CloudFront: origin access control to an encrypted bucket."""

from constructs_lib.actions import DECRYPT, ENCRYPT, GENERATE_DATA_KEY
from constructs_lib.principals import Conditions, short_digest
from constructs_lib.service_access.resource_names import DISTRIBUTION, checked_account
from constructs_lib.service_access.service_use import ACCOUNT, PARTITION, SOURCE_ARN, Allowance, ServiceUse

_SERVICE = "cloudfront.amazonaws.com"
_PAGE = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html"
)


def read_bucket(*, distribution_id: str, account: str = ACCOUNT) -> ServiceUse:
    """Let one distribution read the encrypted objects of its origin.

    The id is known only when the distribution exists, and a reference to it is a cycle of key, bucket and distribution:
    deploy with `read_bucket_from_any_distribution` first.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html

    Args:
        distribution_id: Id of the distribution.
        account: Account of the distribution.

    Raises:
        ConfigurationError: If the id or the account is none.
    """
    source = _for_distribution(distribution_id, account)
    return ServiceUse(
        title="CloudFront: a distribution reads a bucket",
        page=_PAGE,
        running=(
            Allowance(
                sid=f"CloudFrontReads{short_digest(source)}", service=_SERVICE, actions=DECRYPT, conditions=source
            ),
        ),
    )


def write_bucket(*, distribution_id: str, account: str = ACCOUNT) -> ServiceUse:
    """Let one distribution read its origin and pass uploads to it.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html

    Args:
        distribution_id: Id of the distribution.
        account: Account of the distribution.

    Raises:
        ConfigurationError: If the id or the account is none.
    """
    source = _for_distribution(distribution_id, account)
    return ServiceUse(
        title="CloudFront: a distribution reads and writes a bucket",
        page=_PAGE,
        running=(
            Allowance(
                sid=f"CloudFrontWrites{short_digest(source)}",
                service=_SERVICE,
                actions=(*DECRYPT, *ENCRYPT[:1], *GENERATE_DATA_KEY),
                conditions=source,
            ),
        ),
    )


def read_bucket_from_any_distribution(*, account: str = ACCOUNT) -> ServiceUse:
    """Let every distribution of the account read encrypted objects that its bucket's policy lets it read.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html

    Args:
        account: Account of the distributions.

    Raises:
        ConfigurationError: If the account is none.
    """
    pattern = f"arn:{PARTITION}:cloudfront::{checked_account('account', account)}:distribution/*"
    return ServiceUse(
        title="CloudFront: every distribution of the account reads buckets",
        page=_PAGE,
        running=(
            Allowance(
                sid=f"CloudFrontReadsForAny{short_digest(pattern)}",
                service=_SERVICE,
                actions=DECRYPT,
                conditions={"ArnLike": {SOURCE_ARN: (pattern,)}},
            ),
        ),
    )


def _for_distribution(distribution_id: str, account: str) -> Conditions:
    name = DISTRIBUTION.check("distribution_id", distribution_id)
    arn = f"arn:{PARTITION}:cloudfront::{checked_account('account', account)}:distribution/{name}"
    return {"StringEquals": {SOURCE_ARN: (arn,)}}
