from botocore.session import Session

from constructs_lib import actions
from constructs_lib.actions import (
    ADMINISTER,
    CREATE_THROUGH_SERVICE,
    DECRYPT,
    ENCRYPT,
    INSPECT,
    SEND_TRACES,
    USE,
)
from constructs_lib.key_kind import SYMMETRIC

# Actions without an operation of their own name: both stand for halves of ReEncrypt.
NOT_OPERATIONS = {"ReEncryptFrom", "ReEncryptTo"}


def operations(service: str) -> set[str]:
    return set(Session().get_service_model(service).operation_names)


def test_every_kms_action_is_an_operation_of_kms() -> None:
    names = {action.removeprefix("kms:") for action in SYMMETRIC.actions}

    assert names - NOT_OPERATIONS <= operations("kms")


def test_every_trace_action_is_an_operation_of_x_ray() -> None:
    assert {action.removeprefix("xray:") for action in SEND_TRACES} <= operations("xray")


def test_what_a_key_policy_cannot_give_or_this_key_cannot_do_is_left_out() -> None:
    names = {action.removeprefix("kms:") for action in SYMMETRIC.actions}

    assert sorted(operations("kms") - names) == [
        "ConnectCustomKeyStore",
        "CreateCustomKeyStore",
        "CreateKey",
        "DeleteCustomKeyStore",
        "DeleteImportedKeyMaterial",
        "DeriveSharedSecret",
        "DescribeCustomKeyStores",
        "DisconnectCustomKeyStore",
        "GenerateMac",
        "GenerateRandom",
        "GetParametersForImport",
        "GetPublicKey",
        "ImportKeyMaterial",
        "ListAliases",
        "ListKeys",
        "ListRetirableGrants",
        "ReEncrypt",
        "ReplicateKey",
        "Sign",
        "UpdateCustomKeyStore",
        "UpdatePrimaryRegion",
        "Verify",
        "VerifyMac",
    ]


def test_every_group_of_actions_is_part_of_what_a_symmetric_key_can_do() -> None:
    for group in (ADMINISTER, CREATE_THROUGH_SERVICE, DECRYPT, ENCRYPT, INSPECT, USE):
        assert set(group) <= SYMMETRIC.actions
        assert len(set(group)) == len(group)


def test_administration_holds_neither_use_nor_grants() -> None:
    assert not set(ADMINISTER) & {*USE, actions.CREATE_GRANT, *actions.DATA_KEY_PAIRS}


def test_encryption_and_decryption_share_nothing() -> None:
    assert not set(ENCRYPT) & set(DECRYPT)


def test_inspection_only_reads() -> None:
    assert all(action.removeprefix("kms:").startswith(("Describe", "Get", "List")) for action in INSPECT)
