"""Findings of cdk-nag that do not apply to a trail's resources: each answered on one resource, with its reason."""

SSE_S3 = (
    "S3 delivers access logs only to a bucket whose default encryption is SSE-S3; under a key of KMS none would "
    "arrive. They name who did what to which log file, and hold nothing of its content."
)
KEPT_IN_ONE_REGION = (
    "Replication guards against the loss of a Region and writes what it copies into a second bucket with a key and "
    "readers of its own, which would have to be watched like this one. Deletion is met here by versions, by Object "
    "Lock where it is asked for, and by log file validation, which shows it. Whoever needs a copy elsewhere replicates "
    "to a bucket of theirs."
)
INLINE = (
    "The policy belongs to this one role, which CloudTrail alone assumes: it is created and deleted with it, and "
    "unlike a managed policy it cannot be attached to anybody else."
)
LOG_STREAMS = (
    "CloudTrail chooses the names of its log streams and adds a number to them under load, so that the resource ends "
    "in a wildcard: behind the account and the Region of this trail, or the organization, in this one log group. That "
    "is the policy of AWS's own page."
)
READ_BELOW_PREFIX = (
    "Readers of a trail read log files, whose names CloudTrail chooses: the resource is every object below the prefix "
    "of this one trail in this one bucket, and the only action on it is reading. In the stack of a reader the bucket "
    "is known by what its name begins with, in its account alone, and the key by its alias or by what is encrypted "
    "there."
)
