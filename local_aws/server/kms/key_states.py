"""What a key's state lets be done with it.

https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
"""

from local_aws.server.kms.errors import KmsError
from local_aws.server.kms.key_uses import Record

_USES = frozenset((
    "CreateGrant", "Decrypt", "DeriveSharedSecret", "Encrypt", "GenerateDataKey", "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext", "GenerateDataKeyWithoutPlaintext", "GenerateMac", "GetPublicKey",
    "ReEncryptFrom", "ReEncryptTo", "Sign", "Verify", "VerifyMac",
))  # fmt: skip
_NOT_WHILE_DISABLED = _USES | {"DisableKeyRotation", "EnableKeyRotation", "ReplicateKey", "RotateKeyOnDemand"}
_NOT_BEFORE_IMPORT = _USES | {"DisableKey", "EnableKey", "ReplicateKey", "RotateKeyOnDemand"}
_NOT_BEFORE_DELETION = _NOT_WHILE_DISABLED | {
    "CreateAlias", "DisableKey", "EnableKey", "GetParametersForImport", "ImportKeyMaterial", "ScheduleKeyDeletion",
    "TagResource", "UntagResource", "UpdateAlias", "UpdateKeyDescription", "UpdatePrimaryRegion",
}  # fmt: skip
_PENDING_DELETION = {
    "PendingDeletion": "is pending deletion.",
    "PendingReplicaDeletion": "is pending replica deletion.",
}


def check_state(action: str, key: Record) -> None:
    """Check that a key in its state can have done to it what is asked.

    Args:
        action: An IAM action without its service.
        key: ministack's record of the key.

    Raises:
        KmsError: If it cannot.
    """
    state, arn = key["KeyState"], key["Arn"]
    if state in _PENDING_DELETION:
        if action in _NOT_BEFORE_DELETION:
            raise KmsError("KMSInvalidStateException", f"{arn} {_PENDING_DELETION[state]}")
    elif action == "CancelKeyDeletion":
        raise KmsError("KMSInvalidStateException", f"{arn} is not pending deletion.")
    if state == "PendingImport" and action in _NOT_BEFORE_IMPORT:
        raise KmsError("KMSInvalidStateException", f"{arn} is pending import.")
    if state == "Disabled" and action in _NOT_WHILE_DISABLED:
        raise KmsError("DisabledException", f"{arn} is disabled.")
