"""One API call for each KMS action that a single call asks for, harmless where it is allowed."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_kms import KMSClient

_NO_POLICY = '{"Version": "2012-10-17", "Statement": []}'
_ROLE = "arn:aws:iam::111122223333:role/Stranger"
_NO_GRANT = "0" * 64
_REFUSED = "AccessDeniedException"

# Left out: ReEncrypt asks for two actions of two keys, and the calls about aliases for a key and an alias.
CALLS: "Mapping[str, Callable[[KMSClient, str], object]]" = {
    "kms:Decrypt": lambda kms, key: kms.decrypt(KeyId=key, CiphertextBlob=b"nothing that this key encrypted"),
    "kms:Encrypt": lambda kms, key: kms.encrypt(KeyId=key, Plaintext=b"data"),
    "kms:GenerateDataKey": lambda kms, key: kms.generate_data_key(KeyId=key, KeySpec="AES_256"),
    "kms:GenerateDataKeyWithoutPlaintext": lambda kms, key: kms.generate_data_key_without_plaintext(
        KeyId=key, KeySpec="AES_256"
    ),
    "kms:GenerateDataKeyPair": lambda kms, key: kms.generate_data_key_pair(KeyId=key, KeyPairSpec="ECC_NIST_P256"),
    "kms:GenerateDataKeyPairWithoutPlaintext": lambda kms, key: kms.generate_data_key_pair_without_plaintext(
        KeyId=key, KeyPairSpec="ECC_NIST_P256"
    ),
    "kms:Sign": lambda kms, key: kms.sign(KeyId=key, Message=b"data", SigningAlgorithm="ECDSA_SHA_256"),
    "kms:Verify": lambda kms, key: kms.verify(
        KeyId=key, Message=b"data", Signature=b"none", SigningAlgorithm="ECDSA_SHA_256"
    ),
    "kms:GenerateMac": lambda kms, key: kms.generate_mac(KeyId=key, Message=b"data", MacAlgorithm="HMAC_SHA_256"),
    "kms:VerifyMac": lambda kms, key: kms.verify_mac(
        KeyId=key, Message=b"data", Mac=b"none", MacAlgorithm="HMAC_SHA_256"
    ),
    "kms:DeriveSharedSecret": lambda kms, key: kms.derive_shared_secret(
        KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=b"none"
    ),
    "kms:GetPublicKey": lambda kms, key: kms.get_public_key(KeyId=key),
    "kms:DescribeKey": lambda kms, key: kms.describe_key(KeyId=key),
    "kms:GetKeyLastUsage": lambda kms, key: kms.get_key_last_usage(KeyId=key),
    "kms:GetKeyPolicy": lambda kms, key: kms.get_key_policy(KeyId=key),
    "kms:GetKeyRotationStatus": lambda kms, key: kms.get_key_rotation_status(KeyId=key),
    "kms:ListGrants": lambda kms, key: kms.list_grants(KeyId=key),
    "kms:ListKeyPolicies": lambda kms, key: kms.list_key_policies(KeyId=key),
    "kms:ListKeyRotations": lambda kms, key: kms.list_key_rotations(KeyId=key),
    "kms:ListResourceTags": lambda kms, key: kms.list_resource_tags(KeyId=key),
    "kms:CreateGrant": lambda kms, key: kms.create_grant(KeyId=key, GranteePrincipal=_ROLE, Operations=["Decrypt"]),
    "kms:RetireGrant": lambda kms, key: kms.retire_grant(KeyId=key, GrantId=_NO_GRANT),
    "kms:RevokeGrant": lambda kms, key: kms.revoke_grant(KeyId=key, GrantId=_NO_GRANT),
    "kms:PutKeyPolicy": lambda kms, key: kms.put_key_policy(KeyId=key, Policy=_NO_POLICY),  # it would lock us out
    "kms:GetParametersForImport": lambda kms, key: kms.get_parameters_for_import(
        KeyId=key, WrappingAlgorithm="RSAES_OAEP_SHA_256", WrappingKeySpec="RSA_4096"
    ),
    "kms:ImportKeyMaterial": lambda kms, key: kms.import_key_material(
        KeyId=key, ImportToken=b"none", EncryptedKeyMaterial=b"none"
    ),
    "kms:DeleteImportedKeyMaterial": lambda kms, key: kms.delete_imported_key_material(KeyId=key),
    "kms:RotateKeyOnDemand": lambda kms, key: kms.rotate_key_on_demand(KeyId=key),
    "kms:DisableKeyRotation": lambda kms, key: kms.disable_key_rotation(KeyId=key),
    "kms:EnableKeyRotation": lambda kms, key: kms.enable_key_rotation(KeyId=key),
    "kms:TagResource": lambda kms, key: kms.tag_resource(KeyId=key, Tags=[{"TagKey": "a", "TagValue": "b"}]),
    "kms:UntagResource": lambda kms, key: kms.untag_resource(KeyId=key, TagKeys=["a"]),
    "kms:UpdateKeyDescription": lambda kms, key: kms.update_key_description(KeyId=key, Description="the same"),
    "kms:DisableKey": lambda kms, key: kms.disable_key(KeyId=key),
    "kms:ScheduleKeyDeletion": lambda kms, key: kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=30),
    "kms:CancelKeyDeletion": lambda kms, key: kms.cancel_key_deletion(KeyId=key),
    "kms:EnableKey": lambda kms, key: kms.enable_key(KeyId=key),
}


def is_allowed(kms: "KMSClient", action: str, key_id: str) -> bool:
    """Whether a call gets past authorization; what it fails at afterwards does not matter."""
    try:
        CALLS[action](kms, key_id)
    except ClientError as error:
        return error.response["Error"]["Code"] != _REFUSED
    return True
