import pytest
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
    covering,
    exact,
    matching,
)
from constructs_lib.errors import ConfigurationError
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


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        (["kms:Decrypt"], ["Decrypt"]),
        (["kms:decrypt", "KMS:DECRYPT"], ["Decrypt"]),
        (["kms:GenerateDataKeyWithoutPlainText"], ["GenerateDataKeyWithoutPlaintext"]),
        (["kms:GenerateDataKey*"], ["GenerateDataKey", "GenerateDataKeyWithoutPlaintext"]),
        (["kms:generatedatakey*"], ["GenerateDataKey", "GenerateDataKeyWithoutPlaintext"]),
        (["kms:GenerateDataKe?"], ["GenerateDataKey"]),
        (["kms:GenerateDataKeyPair"], ["GenerateDataKeyPair"]),
        (["kms:Describe*"], ["DescribeKey"]),
        (["kms:ReEncrypt*"], ["ReEncryptTo"]),
        (["kms:ReEncrypt*", "kms:Decrypt"], ["Decrypt", "ReEncryptFrom", "ReEncryptTo"]),
        (["kms:ReEncryptFrom", "kms:Encrypt"], ["Encrypt"]),
        (["kms:PutKeyPolicy"], ["PutKeyPolicy"]),
        (
            ["kms:*"],
            [
                "Decrypt",
                "DescribeKey",
                "Encrypt",
                "GenerateDataKey",
                "GenerateDataKeyWithoutPlaintext",
                "ReEncryptFrom",
                "ReEncryptTo",
            ],
        ),
        (["kms:Encrypt*", "kms:Decrypt*"], ["Decrypt", "Encrypt"]),
        (["kms:Encrypt", "kms:CreateGrant"], ["CreateGrant", "Encrypt"]),
    ],
)
def test_what_is_asked_becomes_exact_sorted_and_single(asked: list[str], given: list[str]) -> None:
    assert list(exact(asked, SYMMETRIC.actions)) == [f"kms:{name}" for name in given]


def test_wildcards_are_bounded_by_what_the_kind_of_key_can_do() -> None:
    assert exact(["kms:*"], frozenset({"kms:Encrypt"})) == ("kms:Encrypt",)


@pytest.mark.parametrize(
    "name",
    [
        "s3:GetObject",
        "s3:*",
        "kms:Decript",
        "kms:Decrypt ",
        "Decrypt",
        "kms:",
        "",
        "kms:Sign",
        "kms:GetPublicKey",
        "kms:GenerateMac",
        "kms:ReplicateKey",
        "kms:CreateKey",
        "kms:ReEncrypt",
        "kms:List*",
        "kms:Put*",
        "kms:Create*",
        "kms:GenerateDataKeyPair*",
        "kms:[D]ecrypt*",
    ],
)
def test_refuses_an_action_that_the_key_does_not_have(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        exact(["kms:Decrypt", name], SYMMETRIC.actions)
    assert str(refused.value) == (
        f"actions must be KMS actions that this kind of key has, such as kms:Decrypt, got {name!r}"
    )


@pytest.mark.parametrize("asked", [[], ["kms:ReEncryptFrom"]])
def test_refuses_to_give_nothing(asked: list[str]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        exact(asked, SYMMETRIC.actions)
    assert str(refused.value) == f"actions must give at least one permission, got {asked}"


def test_refuses_an_action_outside_what_is_allowed() -> None:
    with pytest.raises(ConfigurationError, match="got 'kms:Decrypt'"):
        exact(["kms:Decrypt"], frozenset({"kms:Encrypt"}))


def test_a_deny_covers_everything_that_it_matches() -> None:
    assert covering(["kms:*"], SYMMETRIC.actions) == tuple(sorted(SYMMETRIC.actions))
    assert covering(["kms:GenerateDataKeyPair*", "kms:reencryptfrom"], SYMMETRIC.actions) == (
        "kms:GenerateDataKeyPair",
        "kms:GenerateDataKeyPairWithoutPlaintext",
        "kms:ReEncryptFrom",
    )


@pytest.mark.parametrize("name", ["kms:Decript", "s3:*", ""])
def test_refuses_a_deny_that_denies_nothing(name: str) -> None:
    with pytest.raises(ConfigurationError, match="actions must be KMS actions"):
        covering(["kms:Decrypt", name], SYMMETRIC.actions)


def test_brackets_are_no_wildcard_in_iam() -> None:
    assert matching(["kms:[DE]*"]) == set()
    assert matching(["kms:*"]) == actions.OF_KEY_POLICIES
