"""S3: who reads and writes encrypted objects, notifications, inventories and replication."""

from constructs_lib.actions import DECRYPT, ENCRYPT, GENERATE_DATA_KEY
from constructs_lib.principals import Conditions, short_digest
from constructs_lib.service_access.publishing import publish_to_topic, send_to_queue
from constructs_lib.service_access.resource_names import BUCKET, checked_account, checked_region
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    PARTITION,
    REGION,
    Allowance,
    ServiceUse,
    both,
    from_account,
    from_arn,
    in_context,
    via,
)

_SERVICE = "s3.amazonaws.com"
_GUIDE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/"
_QUEUES = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"
_OBJECTS = "UsingKMSEncryption.html"
_REPLICATION = "replication-config-for-kms-objects.html"
_READ_AND_WRITE = (*DECRYPT, *GENERATE_DATA_KEY)


def read(*, bucket_name: str, region: str = REGION) -> ServiceUse:
    """Let callers read the objects of one bucket.

    The encryption context of an object is its ARN or, with an S3 Bucket Key, the bucket's.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html

    Args:
        bucket_name: Name of the bucket, or a pattern of it.
        region: Region of the bucket.

    Raises:
        ConfigurationError: If the name or the Region is none.
    """
    return _objects("S3: readers of a bucket", "ObjectReaders", DECRYPT, _in_bucket(bucket_name, region), _OBJECTS)


def write(*, bucket_name: str, region: str = REGION) -> ServiceUse:
    """Let callers write objects into one bucket, each in one piece.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html

    Args:
        bucket_name: Name of the bucket, or a pattern of it.
        region: Region of the bucket.

    Raises:
        ConfigurationError: If the name or the Region is none.
    """
    return _objects(
        "S3: writers of a bucket", "ObjectWriters", GENERATE_DATA_KEY, _in_bucket(bucket_name, region), _OBJECTS
    )


def write_in_parts(*, bucket_name: str, region: str = REGION) -> ServiceUse:
    """Let callers upload objects in several parts, which decrypts the data key for each: with it they can also read.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html

    Args:
        bucket_name: Name of the bucket, or a pattern of it.
        region: Region of the bucket.

    Raises:
        ConfigurationError: If the name or the Region is none.
    """
    return _objects(
        "S3: writers of a bucket, in parts",
        "PartWriters",
        _READ_AND_WRITE,
        _in_bucket(bucket_name, region),
        "mpuoverview.html",
    )


def notify_topic(
    *, bucket_name: str, topic_name: str | None = None, region: str = REGION, account: str = ACCOUNT
) -> ServiceUse:
    """Let a bucket publish its events to an encrypted topic.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html

    Args:
        bucket_name: Name of the bucket, or a pattern of it.
        topic_name: Name of the topic, or a pattern of it; by default every topic of the account that has this key.
        region: Region of bucket and topic.
        account: Account of bucket and topic.

    Raises:
        ConfigurationError: If a name, the Region or the account is none.
    """
    allowance = publish_to_topic(
        "BucketsNotify",
        _SERVICE,
        topic_name=topic_name,
        region=region,
        account=account,
        source=_for_bucket(bucket_name, account),
    )
    return ServiceUse(
        title="S3: events of a bucket to a topic",
        page=f"{_GUIDE}grant-destinations-permissions-to-s3.html",
        running=(allowance,),
    )


def notify_queue(*, bucket_name: str, account: str = ACCOUNT) -> ServiceUse:
    """Let a bucket send its events to an encrypted queue.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html

    Args:
        bucket_name: Name of the bucket, or a pattern of it.
        account: Account of the bucket.

    Raises:
        ConfigurationError: If the name or the account is none.
    """
    return ServiceUse(
        title="S3: events of a bucket to a queue",
        page=_QUEUES,
        running=(send_to_queue("BucketsSend", _SERVICE, _for_bucket(bucket_name, account)),),
    )


def write_inventory(*, bucket_name: str, account: str = ACCOUNT) -> ServiceUse:
    """Let S3 write the inventory of a bucket into an encrypted one. The statement belongs to the destination's key.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html

    Args:
        bucket_name: Name of the bucket that is listed, or a pattern of it.
        account: Account of that bucket.

    Raises:
        ConfigurationError: If the name or the account is none.
    """
    source = _for_bucket(bucket_name, account)
    return ServiceUse(
        title="S3: inventory of a bucket",
        page=f"{_GUIDE}configure-inventory.html",
        running=(
            Allowance(
                sid=f"Inventory{short_digest(source)}", service=_SERVICE, actions=GENERATE_DATA_KEY, conditions=source
            ),
        ),
    )


def replicate_from(*, bucket_name: str, region: str = REGION) -> ServiceUse:
    """Let the role of a replication read what it replicates. The statement belongs to the source's key.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html

    Args:
        bucket_name: Name of the source bucket, or a pattern of it.
        region: Region of the source bucket.

    Raises:
        ConfigurationError: If the name or the Region is none.
    """
    return _objects(
        "S3: source of a replication", "ReplicationSource", DECRYPT, _in_bucket(bucket_name, region), _REPLICATION
    )


def replicate_to(*, bucket_name: str, region: str = REGION) -> ServiceUse:
    """Let the role of a replication write encrypted objects. The statement belongs to the destination's key.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html

    Args:
        bucket_name: Name of the destination bucket, or a pattern of it.
        region: Region of the destination bucket.

    Raises:
        ConfigurationError: If the name or the Region is none.
    """
    title = "S3: destination of a replication"
    return _objects(title, "ReplicationTarget", ENCRYPT[:1], _in_bucket(bucket_name, region), _REPLICATION)


def replicate_unencrypted_to(*, bucket_name: str, region: str = REGION) -> ServiceUse:
    """Let the role of a replication encrypt what was not encrypted under a key of KMS at its source.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html

    Args:
        bucket_name: Name of the destination bucket, or a pattern of it.
        region: Region of the destination bucket.

    Raises:
        ConfigurationError: If the name or the Region is none.
    """
    title = "S3: destination of a replication of unencrypted objects"
    return _objects(title, "ReplicationEncrypts", GENERATE_DATA_KEY, _in_bucket(bucket_name, region), _REPLICATION)


def replicate_to_bucket_key(*, bucket_name: str, region: str = REGION) -> ServiceUse:
    """Let the role of a replication write into a bucket with an S3 Bucket Key, which it must decrypt.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html

    Args:
        bucket_name: Name of the destination bucket, or a pattern of it.
        region: Region of the destination bucket.

    Raises:
        ConfigurationError: If the name or the Region is none.
    """
    title = "S3: destination of a replication, with an S3 Bucket Key"
    return _objects(
        title, "ReplicationBucketKey", (*DECRYPT, *ENCRYPT[:1]), _in_bucket(bucket_name, region), _REPLICATION
    )


def _objects(title: str, sid: str, actions: tuple[str, ...], conditions: Conditions, page: str) -> ServiceUse:
    allowance = Allowance(sid=f"{sid}{short_digest(conditions)}", actions=actions, conditions=conditions)
    return ServiceUse(title=title, page=f"{_GUIDE}{page}", running=(allowance,))


def _in_bucket(bucket_name: str, region: str) -> Conditions:
    bucket = _bucket(bucket_name)
    return both(via("s3", checked_region("region", region)), in_context("aws:s3:arn", bucket, f"{bucket}/*"))


def _for_bucket(bucket_name: str, account: str) -> Conditions:
    return both(from_account(checked_account("account", account)), from_arn(_bucket(bucket_name)))


def _bucket(bucket_name: str) -> str:
    return f"arn:{PARTITION}:s3:::{BUCKET.check_pattern('bucket_name', bucket_name)}"
