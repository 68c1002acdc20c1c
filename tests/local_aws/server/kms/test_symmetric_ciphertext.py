from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.serialization import load_der_private_key, load_der_public_key

from tests.support.stack_operation import error_code

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
CONTEXT = {"tenant": "blue"}


@pytest.mark.parametrize("alone", [True, False])
def test_what_was_encrypted_is_decrypted_with_and_without_the_name_of_the_key(
    make_key: MakeKey, kms: Any, *, alone: bool
) -> None:
    key = make_key()
    sealed = kms.encrypt(KeyId=key, Plaintext=b"data", EncryptionContext=CONTEXT)["CiphertextBlob"]

    opened = kms.decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT, **({} if alone else {"KeyId": key}))

    assert (opened["Plaintext"], opened["KeyId"]) == (b"data", key)
    material = kms.describe_key(KeyId=key)["KeyMetadata"]["CurrentKeyMaterialId"]
    assert opened["KeyMaterialId"] == material


@pytest.mark.parametrize("position", [36, 70, 80, -1])
def test_refuses_a_changed_ciphertext(make_key: MakeKey, kms: Any, position: int) -> None:
    key = make_key()
    sealed = bytearray(kms.encrypt(KeyId=key, Plaintext=b"data", EncryptionContext=CONTEXT)["CiphertextBlob"])
    sealed[position] ^= 1

    with pytest.raises(ClientError) as refused:
        kms.decrypt(KeyId=key, CiphertextBlob=bytes(sealed), EncryptionContext=CONTEXT)

    assert error_code(refused.value) == "InvalidCiphertextException"


def test_refuses_another_context(make_key: MakeKey, kms: Any) -> None:
    key = make_key()
    sealed = kms.encrypt(KeyId=key, Plaintext=b"data", EncryptionContext=CONTEXT)["CiphertextBlob"]

    with pytest.raises(ClientError, match="InvalidCiphertextException"):
        kms.decrypt(KeyId=key, CiphertextBlob=sealed, EncryptionContext={"tenant": "red"})


def test_refuses_another_key(make_key: MakeKey, kms: Any) -> None:
    key, other = make_key(), make_key()
    sealed = kms.encrypt(KeyId=key, Plaintext=b"data")["CiphertextBlob"]

    with pytest.raises(ClientError, match="IncorrectKeyException"):
        kms.decrypt(KeyId=other, CiphertextBlob=sealed)


@pytest.mark.parametrize("blob", [b"x", b"x" * 200], ids=["short", "long"])
def test_refuses_what_is_no_ciphertext(kms: Any, blob: bytes) -> None:
    with pytest.raises(ClientError, match="InvalidCiphertextException"):
        kms.decrypt(CiphertextBlob=blob)


def test_a_data_key_is_opened_by_decrypting_it(make_key: MakeKey, kms: Any) -> None:
    key = make_key()
    with_plaintext = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=CONTEXT)
    without = kms.generate_data_key_without_plaintext(KeyId=key, KeySpec="AES_128", EncryptionContext=CONTEXT)

    opened = [
        kms.decrypt(CiphertextBlob=each["CiphertextBlob"], EncryptionContext=CONTEXT)
        for each in (with_plaintext, without)
    ]

    assert opened[0]["Plaintext"] == with_plaintext["Plaintext"]
    assert len(opened[1]["Plaintext"]) == 16


def test_a_data_key_pair_is_opened_by_decrypting_its_private_key(make_key: MakeKey, kms: Any) -> None:
    key = make_key()
    pair = kms.generate_data_key_pair(KeyId=key, KeyPairSpec="ECC_NIST_P256")
    without = kms.generate_data_key_pair_without_plaintext(KeyId=key, KeyPairSpec="ECC_NIST_P256")

    assert kms.decrypt(CiphertextBlob=pair["PrivateKeyCiphertextBlob"])["Plaintext"] == pair["PrivateKeyPlaintext"]
    private: Any = load_der_private_key(
        kms.decrypt(CiphertextBlob=without["PrivateKeyCiphertextBlob"])["Plaintext"], None
    )
    assert private.public_key() == load_der_public_key(without["PublicKey"])
