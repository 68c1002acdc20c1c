"""KeyGrants: the CDK's newer spelling of a grant, `key.grants.decrypt(role)`, in exact actions."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms


class KeyGrants:
    """The verbs of `aws_kms.KeyGrants`, each the key's own grant.

    The CDK's own object of that name writes `kms:GenerateDataKey*` and `kms:ReEncrypt*` into the caller's IAM policy,
    which allows more than any key policy of this library does and therefore fails at synthesis.
    """

    def __init__(self, key: "kms.IKey") -> None:
        """Grant uses of one key.

        Args:
            key: The key.
        """
        self._key = key

    def encrypt(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to encrypt, with a symmetric key also to generate data keys, and not to decrypt."""
        return self._key.grant_encrypt(grantee)

    def decrypt(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to decrypt."""
        return self._key.grant_decrypt(grantee)

    def encrypt_decrypt(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to encrypt, with a symmetric key also to generate data keys, and to decrypt."""
        return self._key.grant_encrypt_decrypt(grantee)

    def sign(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to sign."""
        return self._key.grant_sign(grantee)

    def verify(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to verify, by `kms:Verify` or with the public key."""
        return self._key.grant_verify(grantee)

    def sign_verify(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to sign and to verify."""
        return self._key.grant_sign_verify(grantee)

    def generate_mac(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to generate MACs."""
        return self._key.grant_generate_mac(grantee)

    def verify_mac(self, grantee: "iam.IGrantable") -> "iam.Grant":
        """Allow a caller to verify MACs, and not to generate them."""
        return self._key.grant_verify_mac(grantee)

    def actions(self, grantee: "iam.IGrantable", *actions: str) -> "iam.Grant":
        """Allow a caller exact actions."""
        return self._key.grant(grantee, *actions)
