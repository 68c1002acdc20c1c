"""What each kind of key can do, and that nobody gets by his role what belongs to another."""

from itertools import combinations

import pytest

from constructs_lib.actions import OF_KEY_POLICIES
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_kind import AGREEMENT, ASYMMETRIC_ENCRYPTION, MAC, SIGNING, SYMMETRIC, KeyKind

PLAIN = (SYMMETRIC, ASYMMETRIC_ENCRYPTION, SIGNING, MAC, AGREEMENT)
KINDS = [
    variant
    for kind in PLAIN
    for variant in (
        kind,
        kind.with_imported_material(),
        kind.in_several_regions(),
        kind.in_several_regions().with_imported_material(),
    )
]
USERS = [(kind, people) for kind in KINDS for people in kind.people]


def named(value: object) -> str | None:
    return value.name if isinstance(value, KeyKind) else None


@pytest.mark.parametrize(
    ("kind", "people"),
    [
        (SYMMETRIC, {"encrypters", "decrypters"}),
        (ASYMMETRIC_ENCRYPTION, {"encrypters", "decrypters"}),
        (SIGNING, {"signers", "verifiers"}),
        (MAC, {"generators", "verifiers"}),
        (AGREEMENT, {"derivers", "peers"}),
    ],
    ids=named,
)
def test_a_kind_has_its_own_people(kind: KeyKind, people: set[str]) -> None:
    assert set(kind.people) == people


@pytest.mark.parametrize(
    ("kind", "people", "may"),
    [
        (SYMMETRIC, "encrypters", {"Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"}),
        (SYMMETRIC, "decrypters", {"Decrypt"}),
        (ASYMMETRIC_ENCRYPTION, "encrypters", {"Encrypt", "GetPublicKey"}),
        (ASYMMETRIC_ENCRYPTION, "decrypters", {"Decrypt"}),
        (SIGNING, "signers", {"Sign"}),
        (SIGNING, "verifiers", {"Verify", "GetPublicKey"}),
        (MAC, "generators", {"GenerateMac"}),
        (MAC, "verifiers", {"VerifyMac"}),
        (AGREEMENT, "derivers", {"DeriveSharedSecret", "GetPublicKey"}),
        (AGREEMENT, "peers", {"GetPublicKey"}),
    ],
    ids=named,
)
def test_people_may_do_their_verb_and_nothing_else(kind: KeyKind, people: str, may: set[str]) -> None:
    assert set(kind.actions_of(people)) == {f"kms:{action}" for action in may}


@pytest.mark.parametrize(("kind", "people"), USERS, ids=named)
def test_people_get_no_grants_no_re_encryption_and_no_pairs(kind: KeyKind, people: str) -> None:
    assert not {action for action in kind.actions_of(people) if "Grant" in action or "ReEncrypt" in action}
    assert not {action for action in kind.actions_of(people) if "Pair" in action}


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_administration_is_neither_use_nor_handing_out(kind: KeyKind) -> None:
    administer = set(kind.actions_of("administrators"))

    assert not administer & kind.use
    assert not administer & {"kms:CreateGrant", "kms:RetireGrant"}
    assert {"kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DescribeKey"} <= administer


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_auditors_change_nothing_and_reach_no_data(kind: KeyKind) -> None:
    verbs = {action.removeprefix("kms:") for action in kind.actions_of("auditors")}

    assert all(verb.startswith(("Describe", "Get", "List")) for verb in verbs)
    assert "GetParametersForImport" not in verbs
    assert ("GetPublicKey" in verbs) == (kind.name in {ASYMMETRIC_ENCRYPTION.name, SIGNING.name, AGREEMENT.name})


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_everything_that_a_kind_has_may_stand_in_a_key_policy(kind: KeyKind) -> None:
    assert kind.actions <= OF_KEY_POLICIES
    assert kind.use < kind.actions


def test_every_action_of_key_policies_belongs_to_some_kind() -> None:
    assert frozenset().union(*(kind.actions for kind in KINDS)) == OF_KEY_POLICIES


def test_only_one_kind_makes_each_use_but_for_encryption_and_public_keys() -> None:
    shared = {action for one, other in combinations(PLAIN, 2) for action in one.use & other.use}

    assert shared == {"kms:Decrypt", "kms:Encrypt", "kms:ReEncryptFrom", "kms:ReEncryptTo", "kms:GetPublicKey"}


@pytest.mark.parametrize("kind", PLAIN, ids=named)
def test_only_symmetric_keys_rotate(kind: KeyKind) -> None:
    rotations = {action for action in kind.actions if action.endswith(("KeyRotation", "RotateKeyOnDemand"))}

    assert len(rotations) == (3 if kind is SYMMETRIC else 0)


@pytest.mark.parametrize("kind", PLAIN, ids=named)
def test_material_is_imported_by_administrators_and_not_rotated_by_kms_itself(kind: KeyKind) -> None:
    imported = kind.with_imported_material()
    gained, lost = set(imported.administer) - set(kind.administer), set(kind.administer) - set(imported.administer)

    assert gained == {"kms:GetParametersForImport", "kms:ImportKeyMaterial", "kms:DeleteImportedKeyMaterial"}
    assert lost == ({"kms:EnableKeyRotation", "kms:DisableKeyRotation"} if kind is SYMMETRIC else set())
    assert (imported.use, imported.inspect, imported.people) == (kind.use, kind.inspect, kind.people)


@pytest.mark.parametrize("kind", PLAIN, ids=named)
def test_keys_of_several_regions_are_replicated_by_administrators(kind: KeyKind) -> None:
    gained = set(kind.in_several_regions().administer) - set(kind.administer)

    assert gained == {"kms:ReplicateKey", "kms:UpdatePrimaryRegion"}


@pytest.mark.parametrize(
    ("kind", "verb", "message"),
    [
        (SIGNING, "encrypt", "a signing key cannot encrypt; a key of this kind can sign, verify"),
        (
            SYMMETRIC,
            "sign",
            "a symmetric encryption key cannot sign; a key of this kind can decrypt, encrypt, re-encrypt",
        ),
        (MAC, "verify", "a MAC key cannot verify; a key of this kind can generate MACs, verify MACs"),
    ],
    ids=named,
)
def test_refuses_what_a_kind_cannot_do_and_says_what_it_can(kind: KeyKind, verb: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        kind.actions_to(verb)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("kind", "making"),
    [
        (
            SYMMETRIC,
            {
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyPair",
                "kms:GenerateDataKeyPairWithoutPlaintext",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptTo",
            },
        ),
        (ASYMMETRIC_ENCRYPTION, {"kms:Encrypt", "kms:GetPublicKey", "kms:ReEncryptTo"}),
        (SIGNING, {"kms:Sign"}),
        (MAC, {"kms:GenerateMac"}),
        (AGREEMENT, set()),
    ],
    ids=named,
)
def test_some_uses_make_something_new_and_the_others_read_it(kind: KeyKind, making: set[str]) -> None:
    assert kind.making == kind.with_imported_material().making == making
