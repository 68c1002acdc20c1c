"""Data at rest: S3, SQS and Parameter Store ask KMS in their caller's name, as AWS does and ministack does not."""

from local_aws.server.at_rest import messages, objects, parameters


def extend() -> None:
    """Let objects, messages and parameters be written and read only by those whom the key admits."""
    objects.extend()
    messages.extend()
    parameters.extend()
