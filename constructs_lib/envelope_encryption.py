"""EnvelopeEncryption: an encrypting and a decrypting function, each with exactly its permissions."""

from collections.abc import Sequence
from types import NoneType

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from constructs_lib.actions import DECRYPT, GENERATE_DATA_KEY
from constructs_lib.bundling.lambda_bundle import LambdaBundle, function_source
from constructs_lib.bundling.lambda_target import LambdaTarget
from constructs_lib.envelope_function import EnvelopeFunction, EnvelopeSettings
from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.cdk_principals import principal_of

_RESERVED_PREFIX = "aws-crypto-"

# Lambda takes 4 KB of environment variables in all, and the key's ARN is one of them.
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
_LONGEST_REQUIRED_CONTEXT = 3000


class EnvelopeEncryption(Construct):
    """Two functions that encrypt and decrypt data of any kind under one KMS key, for callers who never see the key.

    Defines an encrypting function that may call `kms:GenerateDataKey` and a decrypting one that may call
    `kms:Decrypt`, and neither anything else under the envelope key. Who may invoke which one is told by
    `grant_invoke_encrypt` and `grant_invoke_decrypt`. Messages are those of the AWS Encryption SDK, format 2 with
    key commitment, so every AWS Encryption SDK can read them, given permission to use the key.

    Requests and answers are JSON: `{"plaintext": <base64>, "encryption_context": {...}}` gives
    `{"message": <base64>}`, and `{"message": <base64>, "encryption_context": {...}}` gives the plaintext back if
    the context is the one that the message was encrypted with.

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

    encrypt_function: lambda_.Function
    decrypt_function: lambda_.Function

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        encryption_key: kms.IKey,
        operations_key: kms.IKey,
        required_context: Sequence[str],
        runtime: lambda_.Runtime | None = None,
        architecture: lambda_.Architecture | None = None,
        log_retention: logs.RetentionDays | None = None,
        reserved_concurrency: int | None = None,
    ) -> None:
        """Define both functions.

        Args:
            scope: The construct that owns the functions.
            construct_id: Name within `scope`. It is part of the logical IDs: changing it in a deployed stack
                replaces the functions and begins new log groups.
            encryption_key: The key that wraps the data keys. It may be in another stack.
            operations_key: The key of the logs, in the functions' Region: CloudWatch Logs is admitted to it for
                these two log groups.
            required_context: Keys that the encryption context of every request must have, at least one. They say
                what a message is about; KMS logs them with each use of the key and a key policy can demand them.
            runtime: Python of the functions. Default: Python 3.13.
            architecture: Instruction set of the functions. Default: arm64.
            log_retention: How long log events are kept. Default: one year, which PCI DSS demands of audit trails
                (requirement 10.5.1) and the other frameworks are content with.
            reserved_concurrency: How many executions each function has to itself and cannot exceed. Default: both
                share what the account has left.

        Raises:
            ConfigurationError: If both keys are the same, a key is given by its alias, a required key is none that
                an encryption context can have, or the runtime, the architecture or the concurrency is none that
                the functions can have.
        """
        _check_keys(encryption_key, operations_key)
        _check_required_context(required_context)
        _check_concurrency(reserved_concurrency)
        if not isinstance(runtime, (lambda_.Runtime, NoneType)):
            raise ConfigurationError(f"runtime must be a Runtime of aws_cdk.aws_lambda, got {runtime!r}")
        runtime = runtime or lambda_.Runtime.PYTHON_3_13
        architecture = architecture or lambda_.Architecture.ARM_64
        target = LambdaTarget.named(runtime=runtime.name, architecture=architecture.name)
        super().__init__(scope, construct_id)
        settings = EnvelopeSettings(
            code=LambdaBundle(function_source("envelope"), target).code(),
            runtime=runtime,
            architecture=architecture,
            encryption_key=encryption_key,
            operations_key=operations_key,
            required_context=tuple(required_context),
            log_retention=log_retention or logs.RetentionDays.ONE_YEAR,
            reserved_concurrency=reserved_concurrency,
        )
        self.encrypt_function = EnvelopeFunction(
            self,
            "Encrypt",
            handler="envelope.handler.encrypt",
            description="Encrypts data into AWS Encryption SDK messages",
            operations=GENERATE_DATA_KEY,
            settings=settings,
        ).function
        self.decrypt_function = EnvelopeFunction(
            self,
            "Decrypt",
            handler="envelope.handler.decrypt",
            description="Decrypts AWS Encryption SDK messages",
            operations=DECRYPT,
            settings=settings,
        ).function

    def grant_invoke_encrypt(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody invoke the encrypting function, and no version or alias that anybody may add to it.

        Args:
            grantee: Who may encrypt.

        Raises:
            ConfigurationError: If it is nobody.
        """
        principal_of(grantee)
        return self.encrypt_function.grant_invoke_latest_version(grantee)

    def grant_invoke_decrypt(self, grantee: iam.IGrantable) -> iam.Grant:
        """Let somebody invoke the decrypting function, and no version or alias that anybody may add to it.

        Args:
            grantee: Who may decrypt.

        Raises:
            ConfigurationError: If it is nobody.
        """
        principal_of(grantee)
        return self.decrypt_function.grant_invoke_latest_version(grantee)


def _check_keys(encryption_key: kms.IKey, operations_key: kms.IKey) -> None:
    for name, key in (("encryption_key", encryption_key), ("operations_key", operations_key)):
        # An alias is an IKey too, but IAM and a key policy know only the key's own ARN.
        if isinstance(key, kms.Alias) or ":alias/" in key.key_arn:
            raise ConfigurationError(f"{name} must be the key itself, got its alias")
    if encryption_key is operations_key or encryption_key.key_arn == operations_key.key_arn:
        raise ConfigurationError(
            f"operations_key must be another key than encryption_key, got {operations_key.node.path} for both"
        )


def _check_required_context(required_context: Sequence[str]) -> None:
    if isinstance(required_context, str) or not required_context:
        raise ConfigurationError(f"required_context must be a list of at least one key, got {required_context!r}")
    for key in required_context:
        if not isinstance(key, str) or not key.strip() or cdk.Token.is_unresolved(key):
            raise ConfigurationError(f"required_context must hold literal, non-empty strings, got {key!r}")
        if key.startswith(_RESERVED_PREFIX):
            raise ConfigurationError(
                f"required_context must hold no key that begins with {_RESERVED_PREFIX}, got {key!r}"
            )
        if any("\ud800" <= character <= "\udfff" for character in key):
            raise ConfigurationError(f"required_context must hold Unicode text, got half a character in {key!r}")
    if sum(len(key.encode()) + 4 for key in required_context) > _LONGEST_REQUIRED_CONTEXT:
        raise ConfigurationError(
            f"required_context must be at most {_LONGEST_REQUIRED_CONTEXT} bytes as JSON, got more in "
            f"{len(required_context)} keys"
        )
    if len(set(required_context)) != len(required_context):
        raise ConfigurationError(f"required_context must hold each key once, got {list(required_context)!r}")


def _check_concurrency(reserved_concurrency: int | None) -> None:
    # A bool is an int to Python; a token is a negative number to the CDK.
    if reserved_concurrency is not None and (
        isinstance(reserved_concurrency, bool) or not isinstance(reserved_concurrency, int) or reserved_concurrency < 1
    ):
        raise ConfigurationError(f"reserved_concurrency must be a whole number from 1, got {reserved_concurrency!r}")
