"""EnvelopeReencryption: a function that reads messages under old keys or contexts and writes them under new ones."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from constructs import Construct

from constructs_lib.envelope_function import Duty, EnvelopeFunction
from constructs_lib.enveloping.envelope_keys import FROM_KEYS_MAX, check_keys, merged, numbered, to_decrypt, to_encrypt
from constructs_lib.enveloping.handler_environment import (
    new_wrapping_keys,
    read_under,
    requests_must_have,
    wrapping_keys,
    written_with,
)
from constructs_lib.enveloping.message_settings import AlgorithmSuite, CommitmentPolicy
from constructs_lib.enveloping.named_keys import check_reach
from constructs_lib.enveloping.required_context import check_required_context
from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.function_settings import FunctionSettings, read_function_settings
from constructs_lib.key_settings import check_choice

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_lambda as lambda_
    from aws_cdk import aws_s3 as s3


class EnvelopeReencryption(Construct):
    """A function that moves messages to another key, another encryption context or a stronger suite.

    It opens each message completely and seals it anew in one pass: a header is never rewrapped in place, so the new
    message has a data key of its own. Its role may decrypt under the old keys and make data keys under the new one,
    which makes it the one role that could do both to anything; define it for the migration, and take it away after.

    Attributes:
        function: The function.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_kms as kms
        >>> stack = cdk.Stack(cdk.App(context={"aws:cdk:bundling-stacks": []}), "Orders")
        >>> migration = EnvelopeReencryption(
        ...     stack,
        ...     "Migration",
        ...     from_keys=[kms.Key(stack, "OldKey")],
        ...     to_key=kms.Key(stack, "NewKey"),
        ...     operations_key=kms.Key(stack, "LogKey"),
        ...     required_context=["purpose"],
        ... )
        >>> migration.function.node.path
        'Orders/Migration/Reencrypt/Resource'
    """

    function: "lambda_.Function"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        from_keys: "Sequence[kms.IKey]",
        to_key: "kms.IKey",
        operations_key: "kms.IKey",
        required_context: Sequence[str],
        further_keys: "Sequence[kms.IKey]" = (),
        algorithm_suite: AlgorithmSuite = AlgorithmSuite.COMMITTING,
        commitment_policy: CommitmentPolicy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
        **settings: Unpack[FunctionSettings],
    ) -> None:
        """Define the function.

        Args:
            scope: The construct that owns the function.
            construct_id: Name within `scope`.
            from_keys: The keys under which messages are now, at least one and at most twenty.
            to_key: The key that makes and wraps the new data keys. It may be one of `from_keys`, where only the
                encryption context or the suite changes.
            operations_key: The key of the logs, in the function's Region.
            required_context: Keys that the encryption context of every new message must have, at least one.
            further_keys: Other keys under which each new data key is wrapped as well, at most four. Default: none.
            algorithm_suite: How messages are sealed anew. Default: with key commitment, without a signature.
            commitment_policy: Which messages are read; older ones are a reason to migrate. Default: only those that
                commit to their data key.
            **settings: How the function runs: `FunctionSettings`.

        Raises:
            ConfigurationError: If two keys of one side are the same, a key is given by its alias, a required key is
                none that an encryption context can have, or a setting is none that the function can have.
        """
        old = numbered("from_keys", from_keys, most=FROM_KEYS_MAX)
        if not old:
            raise ConfigurationError("from_keys must name at least one key, got none")
        new = {"to_key": to_key, **numbered("further_keys", further_keys)}
        for side in (old, new):
            check_keys(side, {"operations_key": operations_key})
            check_reach(scope, side)
        check_required_context(required_context)
        check_choice("algorithm_suite", algorithm_suite, AlgorithmSuite)
        check_choice("commitment_policy", commitment_policy, CommitmentPolicy)
        read = read_function_settings(settings)
        super().__init__(scope, construct_id)
        self._keys = [*old.values(), *new.values()]
        duty = Duty(
            handler="envelope.handler.reencrypt",
            description="Re-encrypts AWS Encryption SDK messages under another key or context",
            environment={
                **wrapping_keys(self, from_keys[0], from_keys[1:]),
                **new_wrapping_keys(self, to_key, further_keys),
                **requests_must_have(required_context),
                **written_with(algorithm_suite),
                **read_under(commitment_policy),
            },
            uses=merged([*to_decrypt(from_keys), *to_encrypt(to_key, further_keys)]),
        )
        self._reencrypting = EnvelopeFunction(
            self, "Reencrypt", duty=duty, code=read.code("envelope"), operations_key=operations_key, settings=read
        )
        self.function = self._reencrypting.function

    def reencrypt_objects(
        self,
        *,
        source: "s3.IBucket",
        destination: "s3.IBucket",
        source_prefix: str = "",
        destination_prefix: str = "",
    ) -> None:
        """Let the function read messages from one bucket and write the new ones into another.

        Permissions, memory and time are those of `EnvelopeEncryption.encrypt_objects`.

        Args:
            source: The bucket of the old messages.
            destination: The bucket of the new messages; it may be the same.
            source_prefix: How the keys of old messages begin. Default: any key.
            destination_prefix: How the keys of new messages begin. Default: any key.

        Raises:
            ConfigurationError: If a prefix holds a wildcard, or a bucket is encrypted under an envelope key.
        """
        self._reencrypting.let_stream(
            source=source,
            source_prefix=source_prefix,
            destination=destination,
            destination_prefix=destination_prefix,
            envelope_keys=self._keys,
        )

    def grant_invoke(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Let somebody invoke the function, and no version or alias that anybody may add to it.

        Args:
            grantee: Who may re-encrypt.

        Raises:
            ConfigurationError: If it is nobody.
        """
        return self._reencrypting.grant_invoke(grantee)
