"""Spellings and wildcards become exact actions."""

import pytest

from constructs_lib.actions import OF_KEY_POLICIES
from constructs_lib.errors import ConfigurationError
from constructs_lib.exact_actions import covering, exact, matching
from constructs_lib.key_kind import SYMMETRIC


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
    assert matching(["kms:*"]) == OF_KEY_POLICIES
