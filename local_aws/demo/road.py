"""The road of one file: encrypted by a function, stored, read by AWS's own library, decrypted by a function."""

import base64
from hashlib import sha256

import aws_encryption_sdk
from aws_encryption_sdk import CommitmentPolicy, StrictAwsKmsMasterKeyProvider

from local_aws.demo.deployment import CONTEXT, Deployment
from local_aws.demo.narration import Narration
from local_aws.demo.people import Person

_OBJECT = "objects/message"


def show_road(deployment: Deployment, data: bytes, narration: Narration) -> bytes:
    """Send the data down the road and return the message."""
    narration.heading(f"A file of {len(data):,} bytes, sha256 {sha256(data).hexdigest()[:16]}...")
    writer, reader = deployment.people["writer"], deployment.people["reader"]

    request = {"plaintext": base64.b64encode(data).decode(), "encryption_context": CONTEXT}
    answer = writer.invoke(deployment.encrypt_function, request)
    message = base64.b64decode(answer.get("message", ""))
    narration.check(
        "the writer has it encrypted by the encrypting function",
        (len(message) > len(data), data in message),
        (True, False),
        answer.get("errorMessage", f"{len(message):,} bytes, data key wrapped by the envelope key"),
    )
    writer.session.client("s3").put_object(Bucket=deployment.bucket, Key=_OBJECT, Body=message)
    stored = reader.session.client("s3").get_object(Bucket=deployment.bucket, Key=_OBJECT)["Body"].read()
    narration.check("stored by the writer and fetched by the reader it is the same message", stored, message)

    recovered = read_with_the_sdk(deployment.people["recovery"], deployment.key_arn, stored)
    narration.check("the AWS Encryption SDK reads the stored message", recovered, data, "as the recovery role")

    request = {"message": base64.b64encode(stored).decode(), "encryption_context": CONTEXT}
    answer = reader.invoke(deployment.decrypt_function, request)
    opened = base64.b64decode(answer.get("plaintext", ""))
    narration.check(
        "the reader has it decrypted by the decrypting function",
        opened,
        data,
        answer.get("errorMessage", f"sha256 {sha256(opened).hexdigest()[:16]}..."),
    )
    return message


def read_with_the_sdk(person: Person, key_arn: str, message: bytes) -> bytes:
    """Read a message with AWS's own library, under somebody's permissions."""
    session = person.session._session  # noqa: SLF001  # boto3 keeps the session that the SDK asks for to itself
    provider = StrictAwsKmsMasterKeyProvider(key_ids=[key_arn], botocore_session=session)
    client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
    plaintext, _ = client.decrypt(source=message, key_provider=provider)
    return bytes(plaintext)
