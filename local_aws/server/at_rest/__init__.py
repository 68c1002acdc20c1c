"""Data at rest: S3 and SQS ask KMS in their caller's name, as AWS does and ministack does not."""

from local_aws.server.at_rest import messages, objects


def extend() -> None:
    """Let objects and messages be written and read only by those whom the key admits."""
    objects.extend()
    messages.extend()
