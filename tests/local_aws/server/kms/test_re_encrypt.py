from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.stack_operation import error_code

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
Allow = Callable[..., dict[str, Any]]
Person = Callable[..., tuple[str, Any]]
BLUE, RED = {"tenant": "blue"}, {"tenant": "red"}


def _from_blue_to_red(kms: Any, source: str, destination: str, sealed: bytes) -> bytes:
    answer = kms.re_encrypt(
        CiphertextBlob=sealed,
        SourceKeyId=source,
        SourceEncryptionContext=BLUE,
        DestinationKeyId=destination,
        DestinationEncryptionContext=RED,
    )
    assert (answer["SourceKeyId"], answer["KeyId"]) == (source, destination)
    return bytes(answer["CiphertextBlob"])


def test_what_was_encrypted_under_one_key_is_decrypted_under_another(make_key: MakeKey, kms: Any) -> None:
    source, destination = make_key(), make_key()
    sealed = kms.encrypt(KeyId=source, Plaintext=b"data", EncryptionContext=BLUE)["CiphertextBlob"]

    moved = _from_blue_to_red(kms, source, destination, sealed)

    opened = kms.decrypt(KeyId=destination, CiphertextBlob=moved, EncryptionContext=RED)
    assert opened["Plaintext"] == b"data"


def test_a_ciphertext_is_moved_from_an_asymmetric_key(make_key: MakeKey, kms: Any) -> None:
    source, destination = make_key(KeySpec="RSA_2048", KeyUsage="ENCRYPT_DECRYPT"), make_key()
    sealed = kms.encrypt(KeyId=source, Plaintext=b"data", EncryptionAlgorithm="RSAES_OAEP_SHA_256")["CiphertextBlob"]

    answer = kms.re_encrypt(
        CiphertextBlob=sealed,
        SourceKeyId=source,
        SourceEncryptionAlgorithm="RSAES_OAEP_SHA_256",
        DestinationKeyId=destination,
    )

    assert kms.decrypt(CiphertextBlob=answer["CiphertextBlob"])["Plaintext"] == b"data"
    algorithms = (answer["SourceEncryptionAlgorithm"], answer["DestinationEncryptionAlgorithm"])
    assert algorithms == ("RSAES_OAEP_SHA_256", "SYMMETRIC_DEFAULT")


@pytest.mark.parametrize(
    ("of_source", "of_destination", "missing"),
    [
        (("kms:ReEncryptFrom",), ("kms:ReEncryptTo",), None),
        (("kms:ReEncryptFrom",), ("kms:ReEncryptFrom",), "kms:ReEncryptTo"),
        (("kms:ReEncryptTo",), ("kms:ReEncryptTo",), "kms:ReEncryptFrom"),
        (("kms:Decrypt",), ("kms:Encrypt",), "kms:ReEncryptFrom"),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_both_keys_have_to_allow_their_half(
    aws: LocalAws, make_key: MakeKey, make_person: Person, allow: Allow, account_root: str, *,
    of_source: tuple[str, ...], of_destination: tuple[str, ...], missing: str | None, named: bool,
) -> None:  # fmt: skip
    role, person = make_person()
    source = make_key(allow(role, *of_source), allow(account_root, "kms:Encrypt"))
    destination = make_key(allow(role, *of_destination))
    sealed = aws.session().client("kms").encrypt(KeyId=source, Plaintext=b"data")["CiphertextBlob"]
    request = {"CiphertextBlob": sealed, "DestinationKeyId": destination} | ({"SourceKeyId": source} if named else {})

    if missing is None:
        assert person.re_encrypt(**request)["KeyId"] == destination
        return
    with pytest.raises(ClientError, match=f"no resource-based policy allows the {missing} action") as refused:
        person.re_encrypt(**request)
    assert error_code(refused.value) == "AccessDeniedException"


@pytest.mark.parametrize(("tenant", "allowed"), [("blue", True), ("red", False)])
def test_each_half_is_decided_with_its_own_encryption_context(
    aws: LocalAws,
    make_key: MakeKey,
    make_person: Person,
    allow: Allow,
    account_root: str,
    *,
    tenant: str,
    allowed: bool,
) -> None:
    role, person = make_person()

    def bound(value: str) -> dict[str, Any]:
        return {"StringEquals": {"kms:EncryptionContext:tenant": value}}

    source = make_key(allow(role, "kms:ReEncryptFrom", Condition=bound(tenant)), allow(account_root, "kms:Encrypt"))
    destination = make_key(allow(role, "kms:ReEncryptTo", Condition=bound("red")))
    sealed = aws.session().client("kms").encrypt(KeyId=source, Plaintext=b"d", EncryptionContext=BLUE)["CiphertextBlob"]

    if allowed:
        assert _from_blue_to_red(person, source, destination, sealed)
        return
    with pytest.raises(ClientError, match="kms:ReEncryptFrom"):
        _from_blue_to_red(person, source, destination, sealed)


@pytest.mark.parametrize(("same", "allowed"), [("true", True), ("false", False)])
def test_a_policy_can_keep_data_under_the_same_key(
    aws: LocalAws, make_key: MakeKey, make_person: Person, allow: Allow, account_root: str, *, same: str, allowed: bool
) -> None:
    role, person = make_person()
    condition = {"Bool": {"kms:ReEncryptOnSameKey": same}}
    key = make_key(
        allow(role, "kms:ReEncryptFrom", "kms:ReEncryptTo", Condition=condition), allow(account_root, "kms:Encrypt")
    )
    sealed = aws.session().client("kms").encrypt(KeyId=key, Plaintext=b"data")["CiphertextBlob"]

    if allowed:
        assert person.re_encrypt(CiphertextBlob=sealed, DestinationKeyId=key)["KeyId"] == key
        return
    with pytest.raises(ClientError, match="AccessDenied"):
        person.re_encrypt(CiphertextBlob=sealed, DestinationKeyId=key)


def test_refuses_a_key_that_is_disabled_on_either_side(make_key: MakeKey, kms: Any) -> None:
    source, destination = make_key(), make_key()
    sealed = kms.encrypt(KeyId=source, Plaintext=b"data")["CiphertextBlob"]

    for disabled in (source, destination):
        kms.disable_key(KeyId=disabled)
        with pytest.raises(ClientError, match=f"{disabled} is disabled"):
            kms.re_encrypt(CiphertextBlob=sealed, DestinationKeyId=destination)
        kms.enable_key(KeyId=disabled)
