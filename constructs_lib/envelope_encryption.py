"""EnvelopeEncryption: an encrypting and a decrypting function, each with exactly its permissions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from constructs import Construct

from constructs_lib.envelope_function import Duty, EnvelopeFunction
from constructs_lib.enveloping.envelope_keys import check_keys, numbered, to_decrypt, to_encrypt
from constructs_lib.enveloping.handler_environment import (
    read_under,
    requests_must_have,
    wrapping_keys,
    written_with,
)
from constructs_lib.enveloping.message_settings import AlgorithmSuite, CommitmentPolicy
from constructs_lib.enveloping.named_keys import check_reach
from constructs_lib.enveloping.object_traffic import Objects
from constructs_lib.enveloping.required_context import check_required_context
from constructs_lib.functions.function_settings import FunctionSettings, read_function_settings
from constructs_lib.key_settings import check_choice

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_s3 as s3


class EnvelopeEncryption(Construct):
    """Two functions that encrypt and decrypt data of any kind under one KMS key, for callers who never see the key.

    Defines an encrypting function that may call `kms:GenerateDataKey` and a decrypting one that may call
    `kms:Decrypt`, and neither anything else under the envelope key. Who may invoke which one is told by
    `grant_invoke_encrypt` and `grant_invoke_decrypt`. Messages are those of the AWS Encryption SDK, format 2 with
    key commitment, so every AWS Encryption SDK can read them, given permission to use the key.

    Requests and answers are JSON: `{"plaintext": <base64>, "encryption_context": {...}}` gives
    `{"message": <base64>}`, and `{"message": <base64>, "encryption_context": {...}}` gives the plaintext back if
    the context is the one that the message was encrypted with. What is larger than a request stands in objects of S3:
    `encrypt_objects`, `decrypt_objects` and `decrypt_ranges` say which, and nothing else of a bucket can be touched.
    `docs/envelope-encryption.md` tells the rest.

    Each function has a log group of its own, encrypted under another key than the data, in JSON, and is traced by
    X-Ray. A log group is kept when it is replaced or its stack is deleted, since it tells who used the key; its
    events expire with `log_retention`, and it cannot be in the way of the next deployment, since CloudFormation
    chooses its name. One whose first creation fails is removed.

    Invoke the functions synchronously. An asynchronous request loses its answer; it is not retried, so that a
    failed one, plaintext included, leaves Lambda's queue at once, and waits there for a minute at most.

    Findings of cdk-nag that do not apply are acknowledged here, each on one resource and with its reason.

    Attributes:
        encrypt_function: The function that encrypts.
        decrypt_function: The function that decrypts.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_kms as kms
        >>> stack = cdk.Stack(cdk.App(context={"aws:cdk:bundling-stacks": []}), "Orders")
        >>> envelope = EnvelopeEncryption(
        ...     stack,
        ...     "Envelope",
        ...     encryption_key=kms.Key(stack, "DataKey"),
        ...     operations_key=kms.Key(stack, "LogKey"),
        ...     required_context=["purpose"],
        ... )
        >>> envelope.encrypt_function.node.path
        'Orders/Envelope/Encrypt/Resource'
    """

    encrypt_function: "lambda_.Function"
    decrypt_function: "lambda_.Function"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        encryption_key: "kms.IKey",
        operations_key: "kms.IKey",
        required_context: Sequence[str],
        further_keys: "Sequence[kms.IKey]" = (),
        algorithm_suite: AlgorithmSuite = AlgorithmSuite.COMMITTING,
        commitment_policy: CommitmentPolicy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
        **settings: Unpack[FunctionSettings],
    ) -> None:
        """Define both functions.

        Args:
            scope: The construct that owns the functions.
            construct_id: Name within `scope`. It is part of the logical IDs: changing it in a deployed stack
                replaces the functions and begins new log groups.
            encryption_key: The key that makes and wraps the data keys. It may be in another stack.
            operations_key: The key of the logs, in the functions' Region: CloudWatch Logs is admitted to it for
                these two log groups.
            required_context: Keys that the encryption context of every request must have, at least one. They say
                what a message is about; KMS logs them with each use of the key and a key policy can demand them.
            further_keys: Other keys, at most four, under which each data key is wrapped as well, such as one of another
                Region: whoever may use one of them can decrypt. A key of another Region is an `EncryptionKey` of a
                stack there, deployed before, or imported by its ARN with `ExistingKey.from_arn`. Default: none.
            algorithm_suite: How messages are sealed. Default: with key commitment, without a signature.
            commitment_policy: Which messages are read. Default: only those that commit to their data key.
            **settings: How the functions run, such as `timeout` and `reserved_concurrency`: `FunctionSettings` has
                them all. Each function has its own reservation.

        Raises:
            ConfigurationError: If two keys are the same, a key is given by its alias or cannot be told of from its
                Region or account, a required key is none that an encryption context can have, or a setting is none
                that the functions can have.
        """
        self._keys = {"encryption_key": encryption_key, **numbered("further_keys", further_keys)}
        check_keys(self._keys, {"operations_key": operations_key})
        check_reach(scope, self._keys)
        check_required_context(required_context)
        check_choice("algorithm_suite", algorithm_suite, AlgorithmSuite)
        check_choice("commitment_policy", commitment_policy, CommitmentPolicy)
        read = read_function_settings(settings)
        super().__init__(scope, construct_id)
        code = read.code("envelope")
        known = {**wrapping_keys(self, encryption_key, further_keys), **requests_must_have(required_context)}
        encrypting = Duty(
            handler="envelope.handler.encrypt",
            description="Encrypts data into AWS Encryption SDK messages",
            environment={**known, **written_with(algorithm_suite)},
            uses=to_encrypt(encryption_key, further_keys),
        )
        decrypting = Duty(
            handler="envelope.handler.decrypt",
            description="Decrypts AWS Encryption SDK messages",
            environment={**known, **read_under(commitment_policy)},
            uses=to_decrypt([encryption_key, *further_keys]),
        )
        self._encrypting, self._decrypting = (
            EnvelopeFunction(self, name, duty=duty, code=code, operations_key=operations_key, settings=read)
            for name, duty in (("Encrypt", encrypting), ("Decrypt", decrypting))
        )
        self.encrypt_function, self.decrypt_function = self._encrypting.function, self._decrypting.function

    def encrypt_objects(
        self,
        *,
        source: "s3.IBucket",
        destination: "s3.IBucket",
        source_prefix: str = "",
        destination_prefix: str = "",
    ) -> None:
        """Let the encrypting function read plaintext objects from one bucket and write messages into another.

        It gets `s3:GetObject` and `s3:GetObjectVersion` below the first prefix, `s3:PutObject` and
        `s3:AbortMultipartUpload` below the second, and what S3 asks of the keys of both buckets, through S3 and for
        their objects alone. It can neither list nor delete, nor read what it wrote. Unless its settings say otherwise,
        it has 1,769 MB of memory, which is one whole processor, and 15 minutes.

        Args:
            source: The bucket of plaintext.
            destination: The bucket of messages; it may be the same.
            source_prefix: How the keys of plaintext objects begin. Default: any key.
            destination_prefix: How the keys of messages begin. Default: any key.

        Raises:
            ConfigurationError: If a prefix holds a wildcard, or a bucket is encrypted under an envelope key.
        """
        self._encrypting.let_stream(
            source=source,
            source_prefix=source_prefix,
            destination=destination,
            destination_prefix=destination_prefix,
            envelope_keys=self._keys.values(),
        )

    def decrypt_objects(
        self,
        *,
        source: "s3.IBucket",
        destination: "s3.IBucket",
        source_prefix: str = "",
        destination_prefix: str = "",
    ) -> None:
        """Let the decrypting function read messages from one bucket and write plaintext objects into another.

        Permissions, memory and time are those of `encrypt_objects`, for the decrypting function. Ranges of these
        messages can be asked for as well.

        Args:
            source: The bucket of messages.
            destination: The bucket of plaintext; it may be the same.
            source_prefix: How the keys of messages begin. Default: any key.
            destination_prefix: How the keys of plaintext objects begin. Default: any key.

        Raises:
            ConfigurationError: If a prefix holds a wildcard, or a bucket is encrypted under an envelope key.
        """
        self._decrypting.let_stream(
            source=source,
            source_prefix=source_prefix,
            destination=destination,
            destination_prefix=destination_prefix,
            envelope_keys=self._keys.values(),
        )

    def decrypt_ranges(self, *, source: "s3.IBucket", source_prefix: str = "") -> None:
        """Let the decrypting function answer with ranges out of messages in a bucket, and write nothing anywhere.

        Args:
            source: The bucket of messages.
            source_prefix: How the keys of messages begin. Default: any key.

        Raises:
            ConfigurationError: If the prefix holds a wildcard, or the bucket is encrypted under an envelope key.
        """
        read = Objects(argument="source", bucket=source, prefix=source_prefix)
        read.check(self._keys.values())
        read.let_read(self._decrypting.role)

    def grant_invoke_encrypt(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Let somebody invoke the encrypting function, and no version or alias that anybody may add to it.

        Args:
            grantee: Who may encrypt.

        Raises:
            ConfigurationError: If it is nobody.
        """
        return self._encrypting.grant_invoke(grantee)

    def grant_invoke_decrypt(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Let somebody invoke the decrypting function, and no version or alias that anybody may add to it.

        Args:
            grantee: Who may decrypt.

        Raises:
            ConfigurationError: If it is nobody.
        """
        return self._decrypting.grant_invoke(grantee)
