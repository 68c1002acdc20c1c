"""MacKey: an HMAC key in KMS, and a policy that names who may use it."""

from typing import TYPE_CHECKING, Unpack

from constructs_lib.key_kind import MAC
from constructs_lib.key_resource import KeyResource
from constructs_lib.key_specs import MacSpec, check_spec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from constructs_lib.key_settings import KeySettings


class MacKey(KeyResource):
    """A customer-managed key for message authentication codes: tokens, session cookies, integrity of messages.

    Whoever verifies cannot generate. KMS does not rotate it: put the next one behind the same alias by `KeySuccession`.

    Examples:
        >>> import aws_cdk as cdk
        >>> stack = cdk.Stack(cdk.App(), "Sessions")
        >>> MacKey(stack, "Key", alias="sessions").kind.name
        'a MAC key'
    """

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        spec: MacSpec = MacSpec.HMAC_256,
        generators: "Sequence[iam.IGrantable]" = (),
        verifiers: "Sequence[iam.IGrantable]" = (),
        **settings: "Unpack[KeySettings]",
    ) -> None:
        """Define the key.

        Args:
            scope: The construct that owns the key.
            construct_id: Name within `scope`. It is part of the logical id: changing it in a deployed stack makes a new
                key.
            spec: Hash function. Default: HMAC with SHA-256. It cannot be changed in a deployed stack.
            generators: People who may generate MACs. Default: nobody.
            verifiers: People who may verify MACs, and not generate them. Default: nobody.
            **settings: What every kind of key takes, such as `alias`, `lifecycle` and `administrators`: `KeySettings`
                has them all.

        Raises:
            ConfigurationError: If an argument is out of range, a name is reserved or malformed, a person both
                administers and uses the key, or KMS cannot name a person.
        """
        super().__init__(
            scope,
            construct_id,
            kind=MAC,
            people={"generators": generators, "verifiers": verifiers},
            properties={"key_spec": check_spec(scope, spec, MacSpec), "key_usage": MAC.usage},
            settings=settings,
        )
