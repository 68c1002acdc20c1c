"""SigningKey: an asymmetric KMS key that signs, and a policy that names who may."""

from typing import TYPE_CHECKING, Unpack

from constructs_lib.key_kind import SIGNING
from constructs_lib.key_resource import KeyResource
from constructs_lib.key_specs import SigningSpec, check_spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from constructs_lib.key_settings import KeySettings


class SigningKey(KeyResource):
    """A customer-managed key for digital signatures: who signs is named, who verifies needs the public key only.

    The private key never leaves KMS. KMS does not rotate it: put the next one behind the same alias by `KeySuccession`.

    Examples:
        >>> import aws_cdk as cdk
        >>> stack = cdk.Stack(cdk.App(), "Releases")
        >>> SigningKey(stack, "Key", alias="releases", spec=SigningSpec.ED25519).kind.name
        'a signing key'
    """

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        spec: SigningSpec = SigningSpec.ECC_NIST_P256,
        signers: "Sequence[iam.IGrantable]" = (),
        verifiers: "Sequence[iam.IGrantable]" = (),
        **settings: "Unpack[KeySettings]",
    ) -> None:
        """Define the key.

        Args:
            scope: The construct that owns the key.
            construct_id: Name within `scope`. It is part of the logical id: changing it in a deployed stack makes a new
                key.
            spec: Algorithm and size. Default: NIST P-256. It cannot be changed in a deployed stack.
            signers: People who may sign. Default: nobody.
            verifiers: People who may verify, with KMS or by the public key. Default: nobody.
            **settings: What every kind of key takes, such as `alias`, `lifecycle` and `administrators`: `KeySettings`
                has them all.

        Raises:
            ConfigurationError: If an argument is out of range, a name is reserved or malformed, a person both
                administers and uses the key, or KMS cannot name a person.
        """
        super().__init__(
            scope,
            construct_id,
            kind=SIGNING,
            people={"signers": signers, "verifiers": verifiers},
            properties={"key_spec": check_spec(scope, spec, SigningSpec), "key_usage": SIGNING.usage},
            settings=settings,
        )
