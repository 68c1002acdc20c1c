"""AsymmetricEncryptionKey: an RSA key in KMS to which anybody with the public key encrypts."""

from typing import TYPE_CHECKING, Unpack

from constructs_lib.key_kind import ASYMMETRIC_ENCRYPTION
from constructs_lib.key_resource import KeyResource
from constructs_lib.key_specs import AsymmetricEncryptionSpec, check_spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from constructs_lib.key_settings import KeySettings


class AsymmetricEncryptionKey(KeyResource):
    """A customer-managed key whose public half encrypts outside of AWS, and whose private half decrypts in KMS.

    For a few hundred bytes: a data key or a password. It has no encryption context, and no AWS service encrypts under
    it: inside of AWS use an `EncryptionKey`. KMS does not rotate it.

    Examples:
        >>> import aws_cdk as cdk
        >>> stack = cdk.Stack(cdk.App(), "Intake")
        >>> AsymmetricEncryptionKey(stack, "Key", alias="intake").kind.name
        'an asymmetric encryption key'
    """

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        spec: AsymmetricEncryptionSpec = AsymmetricEncryptionSpec.RSA_3072,
        encrypters: "Sequence[iam.IGrantable]" = (),
        decrypters: "Sequence[iam.IGrantable]" = (),
        **settings: "Unpack[KeySettings]",
    ) -> None:
        """Define the key.

        Args:
            scope: The construct that owns the key.
            construct_id: Name within `scope`. It is part of the logical id: changing it in a deployed stack makes a new
                key.
            spec: Algorithm and size. Default: RSA with 3,072 bits. It cannot be changed in a deployed stack.
            encrypters: People who may encrypt, with KMS or by the public key. Default: nobody.
            decrypters: People who may decrypt. Default: nobody.
            **settings: What every kind of key takes, such as `alias`, `lifecycle` and `administrators`: `KeySettings`
                has them all.

        Raises:
            ConfigurationError: If an argument is out of range, a name is reserved or malformed, a person both
                administers and uses the key, or KMS cannot name a person.
        """
        super().__init__(
            scope,
            construct_id,
            kind=ASYMMETRIC_ENCRYPTION,
            people={"encrypters": encrypters, "decrypters": decrypters},
            properties={
                "key_spec": check_spec(scope, spec, AsymmetricEncryptionSpec),
                "key_usage": ASYMMETRIC_ENCRYPTION.usage,
            },
            settings=settings,
        )
