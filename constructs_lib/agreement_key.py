"""AgreementKey: an elliptic-curve key in KMS for key agreement (ECDH)."""

from typing import TYPE_CHECKING, Unpack

from constructs_lib.key_kind import AGREEMENT
from constructs_lib.key_resource import KeyResource
from constructs_lib.key_specs import AgreementSpec, check_spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from constructs_lib.key_settings import KeySettings


class AgreementKey(KeyResource):
    """A customer-managed key that derives secrets shared with the holder of another key, by ECDH.

    The raw shared secret is no key: run it through a key derivation function. KMS does not rotate it.

    Examples:
        >>> import aws_cdk as cdk
        >>> stack = cdk.Stack(cdk.App(), "Partners")
        >>> AgreementKey(stack, "Key", alias="partners", spec=AgreementSpec.ECC_NIST_P384).kind.name
        'a key agreement key'
    """

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        spec: AgreementSpec = AgreementSpec.ECC_NIST_P256,
        derivers: "Sequence[iam.IGrantable]" = (),
        peers: "Sequence[iam.IGrantable]" = (),
        **settings: "Unpack[KeySettings]",
    ) -> None:
        """Define the key.

        Args:
            scope: The construct that owns the key.
            construct_id: Name within `scope`. It is part of the logical id: changing it in a deployed stack makes a new
                key.
            spec: Curve. Default: NIST P-256. It cannot be changed in a deployed stack.
            derivers: People who may derive shared secrets, and read the public key that the other side needs.
                Default: nobody.
            peers: People who may read the public key. Default: nobody.
            **settings: What every kind of key takes, such as `alias`, `lifecycle` and `administrators`: `KeySettings`
                has them all.

        Raises:
            ConfigurationError: If an argument is out of range, a name is reserved or malformed, a person both
                administers and uses the key, or KMS cannot name a person.
        """
        super().__init__(
            scope,
            construct_id,
            kind=AGREEMENT,
            people={"derivers": derivers, "peers": peers},
            properties={"key_spec": check_spec(scope, spec, AgreementSpec), "key_usage": AGREEMENT.usage},
            settings=settings,
        )
