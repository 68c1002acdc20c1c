"""EncryptionKey: a symmetric KMS key with rotation, and a policy that names who may use it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.key_resource import KeyResource
from constructs_lib.key_settings import KeySettings
from constructs_lib.symmetric_settings import check_services, rotation_properties

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_iam as iam
    from constructs import Construct


class EncryptionKey(KeyResource):
    """A customer-managed key for encryption that rotates, outlives its stack and names who may use it.

    Defines one symmetric `AWS::KMS::Key` and, if asked, one `AWS::KMS::Alias`. It is a `kms.IKey`: give it to any
    construct that encrypts, and that construct's own grants end in exact statements of the key policy, in this stack
    and from others.

    Nobody can use the key who is not named here or by a grant. Administrators cannot use it. Whoever deploys can use it
    only through AWS services, which is how CloudFormation creates encrypted resources.

    What the policy cannot prevent: whoever may change it can let himself in, and so can whoever may change a trusted
    role or the code that runs under it.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_s3 as s3
        >>> stack = cdk.Stack(cdk.App(), "Orders")
        >>> key = EncryptionKey(stack, "Key", alias="orders")
        >>> bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
        >>> bucket.encryption_key is key
        True
    """

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        rotation_period: "cdk.Duration | None" = None,
        encrypters: "Sequence[iam.IGrantable]" = (),
        decrypters: "Sequence[iam.IGrantable]" = (),
        services: Sequence[str] | None = None,
        **settings: Unpack[KeySettings],
    ) -> None:
        """Define the key.

        Args:
            scope: The construct that owns the key.
            construct_id: Name within `scope`. It is part of the logical id: changing it in a deployed stack makes a new
                key.
            rotation_period: Time between rotations of the key material, 90 to 2,560 days. Default: 365 days. Imported
                material does not rotate by itself.
            encrypters: People who may encrypt and generate data keys. Default: nobody.
            decrypters: People who may decrypt. Default: nobody.
            services: AWS services through which deployers may use the key, such as `lambda` or `rds`: the first part of
                `kms:ViaService`. An empty list is none, for a key that only your own code uses. Default: every
                service of the Region.
            **settings: What every kind of key takes, such as `alias`, `lifecycle` and `administrators`: `KeySettings`
                has them all.

        Raises:
            ConfigurationError: If an argument is out of range, a name is reserved or malformed, a person both
                administers and uses the key, or KMS cannot name a person.
        """
        check_services(services)
        super().__init__(
            scope,
            construct_id,
            kind=SYMMETRIC,
            people={"encrypters": encrypters, "decrypters": decrypters},
            services=services,
            properties=rotation_properties(settings, rotation_period),
            settings=settings,
        )
