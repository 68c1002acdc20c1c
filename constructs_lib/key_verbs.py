"""KeyVerbs: the grants of `kms.IKey` by their names, each of them what this kind of key has for it."""

from typing import TYPE_CHECKING, cast

from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.key_grants import KeyGrants

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from constructs import Node

    from constructs_lib.key_kind import KeyKind


class KeyVerbs:
    """Every verb that constructs of the CDK know; a kind that cannot do it refuses, naming what it can."""

    kind: "KeyKind"
    """What the key can do."""

    if TYPE_CHECKING:

        @property
        def node(self) -> Node:
            """Where the key is in the tree."""

        def grant(self, grantee: iam.IGrantable, *actions: str) -> iam.Grant:
            """Allow a caller exact actions."""

    @property
    def grants(self) -> KeyGrants:
        """The same grants in the CDK's newer spelling: `key.grants.decrypt(role)`."""
        return KeyGrants(cast("kms.IKey", self))  # which every class with these verbs implements

    def grant_decrypt(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to decrypt: `kms:Decrypt`."""
        return self._grant_to("decrypt", grantee=grantee)

    def grant_encrypt(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to encrypt, with a symmetric key also to generate data keys, and not to decrypt."""
        return self._grant_to("encrypt", grantee=grantee)

    def grant_encrypt_decrypt(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to encrypt, with a symmetric key also to generate data keys, and to decrypt."""
        return self._grant_to("encrypt", "decrypt", grantee=grantee)

    def grant_sign(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to sign: `kms:Sign`."""
        return self._grant_to("sign", grantee=grantee)

    def grant_verify(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to verify, by `kms:Verify` or with the public key."""
        return self._grant_to("verify", grantee=grantee)

    def grant_sign_verify(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to sign and to verify."""
        return self._grant_to("sign", "verify", grantee=grantee)

    def grant_generate_mac(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to generate MACs: `kms:GenerateMac`."""
        return self._grant_to("generate MACs", grantee=grantee)

    def grant_verify_mac(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to verify MACs, and not to generate them: `kms:VerifyMac`."""
        return self._grant_to("verify MACs", grantee=grantee)

    def grant_derive_shared_secret(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to derive the secret that the key shares with somebody else's public key."""
        return self._grant_to("derive shared secrets", grantee=grantee)

    def _grant_to(self, *verbs: str, grantee: "iam.IGrantable") -> "iam.Grant":
        try:
            actions = self.kind.actions_to(*verbs)
        except ConfigurationError as error:
            raise ConfigurationError(f"[{self.node.path}] {error}, asked for {_spoken(grantee)}") from error
        return self.grant(grantee, *actions)


def _spoken(grantee: "iam.IGrantable") -> str:
    """Return the construct path of a grantee, or of what kind it is if it is no construct."""
    return grantee.node.path if isinstance(grantee, Construct) else f"a {type(grantee).__name__}"
