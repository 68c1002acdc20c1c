"""CloudTrail: trails whose log files are encrypted, who reads them, and event data stores."""

from constructs_lib.actions import DECRYPT, DESCRIBE, GENERATE_DATA_KEY
from constructs_lib.principals import Conditions, short_digest
from constructs_lib.service_access.publishing import publish_to_topic
from constructs_lib.service_access.resource_names import TRAIL, checked_account, checked_region
from constructs_lib.service_access.s3 import read
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    PARTITION,
    REGION,
    SOURCE_ARN,
    Allowance,
    ServiceUse,
    both,
    in_context,
)

_SERVICE = "cloudtrail.amazonaws.com"
_CONTEXT = "aws:cloudtrail:arn"
_GUIDE = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"


def write_logs(*, trail_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let a trail encrypt its log and digest files.

    CloudTrail, and S3 on its behalf, call `GenerateDataKey` alone. A literal name of the trail avoids a cycle between
    trail and key.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-kms-works-with-cloudtrail.html

    Args:
        trail_name: Name of the trail.
        region: Home Region of the trail.
        account: Account of the trail; for the trail of an organization, its management account.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    trail = _trail(trail_name, region, account)
    return ServiceUse(
        title="CloudTrail: log files of a trail",
        page=f"{_GUIDE}create-kms-key-policy-for-cloudtrail.html",
        running=_writing(trail, account),
    )


def write_logs_with_bucket_key(*, trail_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let a trail encrypt its files in a bucket that has an S3 Bucket Key.

    AWS says that creating or updating such a trail takes `GenerateDataKey`, `DescribeKey` and `Decrypt`, and that an
    S3 Bucket Key has the bucket's ARN as its encryption context. It does not say whether that context still holds the
    trail's ARN, which CloudTrail sends with each file: a condition on it could stop every delivery. So these statements
    ask for `aws:SourceArn` alone, which CloudTrail sends with each call, and name one trail just as exactly.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail-update-trail.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context

    Args:
        trail_name: Name of the trail.
        region: Home Region of the trail.
        account: Account of the trail.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    trail = _trail(trail_name, region, account)
    encrypts = Allowance(
        sid=f"CloudTrailBucketKey{short_digest(trail)}",
        service=_SERVICE,
        actions=(*DECRYPT, *GENERATE_DATA_KEY),
        conditions=_for(trail),
    )
    return ServiceUse(
        title="CloudTrail: log files of a trail, in a bucket with an S3 Bucket Key",
        page=f"{_GUIDE}create-kms-key-policy-for-cloudtrail-update-trail.html",
        running=(encrypts, _describing(trail)),
    )


def read_logs() -> ServiceUse:
    """Let callers decrypt log files of trails, and nothing else: only these carry CloudTrail's encryption context.

    For files in a bucket with an S3 Bucket Key there is `read_logs_with_bucket_key`.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    """
    of_a_trail: Conditions = {"Null": {f"kms:EncryptionContext:{_CONTEXT}": ("false",)}}
    return ServiceUse(
        title="CloudTrail: readers of log files",
        page=f"{_GUIDE}create-kms-key-policy-for-cloudtrail.html",
        running=(Allowance(sid="CloudTrailReaders", actions=DECRYPT, conditions=of_a_trail),),
    )


def read_logs_with_bucket_key(*, bucket_name: str, region: str = REGION) -> ServiceUse:
    """Let callers decrypt log files of trails, whatever is their bucket's encryption context.

    AWS demands CloudTrail's encryption context of readers, and says elsewhere that data under an S3 Bucket Key have the
    ARN of the bucket for theirs; how the two go together it does not say. So callers are admitted by either, by the
    second one through S3 alone, as Athena reads, too. That bucket should hold nothing else under the key.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context

    Args:
        bucket_name: Name of the bucket, or a pattern of it.
        region: Region of the bucket.

    Raises:
        ConfigurationError: If the name or the Region is none.
    """
    of_bucket = read(bucket_name=bucket_name, region=region)
    return ServiceUse(
        title="CloudTrail: readers of log files in a bucket with an S3 Bucket Key",
        page=f"{_GUIDE}create-kms-key-policy-for-cloudtrail.html",
        running=(*read_logs().running, *of_bucket.running),
    )


def notify_topic(*, topic_name: str | None = None, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let CloudTrail tell an encrypted topic about new log files.

    CloudTrail's page shows no `aws:SourceArn` for the key, so whose trail it is is left to the topic's policy.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-permissions-for-sns-notifications.html

    Args:
        topic_name: Name of the topic, or a pattern of it; by default every topic of the account that has this key.
        region: Region of the topic.
        account: Account of the topic.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    return ServiceUse(
        title="CloudTrail: notifications to a topic",
        page=f"{_GUIDE}cloudtrail-permissions-for-sns-notifications.html",
        running=(
            publish_to_topic("CloudTrailNotifies", _SERVICE, topic_name=topic_name, region=region, account=account),
        ),
    )


def store_events() -> ServiceUse:
    """Let CloudTrail Lake encrypt event data stores. Neither `aws:SourceArn` nor `aws:SourceAccount` works there.

    Whoever creates a store uses the key through CloudTrail; whoever queries it needs `query_events`.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-kms-key-policy.html
    """
    return ServiceUse(
        title="CloudTrail Lake: event data stores",
        page=f"{_GUIDE}default-kms-key-policy.html",
        running=(Allowance(sid="CloudTrailStoresEvents", service=_SERVICE, actions=(*DECRYPT, *GENERATE_DATA_KEY)),),
        creator="cloudtrail",
    )


def query_events() -> ServiceUse:
    """Let callers create and query event data stores. AWS documents no condition, so they can use the key themselves.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/default-kms-key-policy.html
    """
    return ServiceUse(
        title="CloudTrail Lake: who creates and queries event data stores",
        page=f"{_GUIDE}default-kms-key-policy.html",
        running=(Allowance(sid="CloudTrailEventQueries", actions=(*DECRYPT, *GENERATE_DATA_KEY)),),
    )


def _trail(trail_name: str, region: str, account: str) -> str:
    name = TRAIL.check("trail_name", trail_name)
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    return f"arn:{PARTITION}:cloudtrail:{where}:trail/{name}"


def _for(trail: str) -> Conditions:
    return {"StringEquals": {SOURCE_ARN: (trail,)}}


def _writing(trail: str, account: str) -> tuple[Allowance, ...]:
    # A trail of all Regions writes in each of them.
    context = in_context(_CONTEXT, f"arn:{PARTITION}:cloudtrail:*:{account}:trail/*")
    return (
        Allowance(
            sid=f"CloudTrailWrites{short_digest(trail)}",
            service=_SERVICE,
            actions=GENERATE_DATA_KEY,
            conditions=both(_for(trail), context),
        ),
        _describing(trail),
    )


def _describing(trail: str) -> Allowance:
    sid = f"CloudTrailDescribes{short_digest(trail)}"
    return Allowance(sid=sid, service=_SERVICE, actions=(DESCRIBE,), conditions=_for(trail))
