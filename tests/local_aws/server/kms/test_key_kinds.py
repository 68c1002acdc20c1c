from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import load_der_public_key

from local_aws.server.kms.key_kinds import USAGES
from tests.support.stack_operation import StackOperation, error_code

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
ENCRYPT, SIGN, MAC, AGREE = "ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"
PAIRS = [(spec, usage) for spec, usages in USAGES.items() for usage in usages]
WRONG_PAIRS = [(spec, usage) for spec in USAGES for usage in (ENCRYPT, SIGN, MAC, AGREE) if usage not in USAGES[spec]]
# Of the algorithms of a kind the one that this test uses.
SIGNING = {"RSA": "RSASSA_PSS_SHA_256", "ECC_NIST_E": "ED25519_SHA_512", "ML_DSA": "ML_DSA_SHAKE_256"}
CURVE_SIGNING = {"ECC_NIST_P384": "ECDSA_SHA_384", "ECC_NIST_P521": "ECDSA_SHA_512"}


def _signing_algorithm(spec: str) -> str:
    by_family = next((name for start, name in SIGNING.items() if spec.startswith(start)), None)
    return by_family or CURVE_SIGNING.get(spec, "ECDSA_SHA_256")


def _encrypts(kms: Any, key: str, spec: str) -> bool:
    named = {} if spec == "SYMMETRIC_DEFAULT" else {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}
    sealed = kms.encrypt(KeyId=key, Plaintext=b"data", **named)["CiphertextBlob"]
    return bool(kms.decrypt(KeyId=key, CiphertextBlob=sealed, **named)["Plaintext"] == b"data")


def _signs(kms: Any, key: str, spec: str) -> bool:
    request = {"KeyId": key, "Message": b"artefact", "SigningAlgorithm": _signing_algorithm(spec)}
    signature = kms.sign(**request)["Signature"]
    return bool(kms.verify(**request, Signature=signature)["SignatureValid"])


def _authenticates(kms: Any, key: str, spec: str) -> bool:
    request = {"KeyId": key, "Message": b"message", "MacAlgorithm": spec.replace("HMAC", "HMAC_SHA")}
    mac = kms.generate_mac(**request)["Mac"]
    return bool(kms.verify_mac(**request, Mac=mac)["MacValid"])


def _agrees(kms: Any, key: str, spec: str) -> bool:
    curve = {"ECC_NIST_P256": "secp256r1", "ECC_NIST_P384": "secp384r1", "ECC_NIST_P521": "secp521r1"}[spec]
    mine = load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])
    return isinstance(mine, ec.EllipticCurvePublicKey) and mine.curve.name == curve


WORKS = {ENCRYPT: _encrypts, SIGN: _signs, MAC: _authenticates, AGREE: _agrees}


@pytest.mark.parametrize(("spec", "usage"), PAIRS)
def test_a_key_of_each_kind_does_what_it_is_for(make_key: MakeKey, kms: Any, spec: str, usage: str) -> None:
    key = make_key(KeySpec=spec, KeyUsage=usage)

    metadata = kms.describe_key(KeyId=key)["KeyMetadata"]

    assert (metadata["KeySpec"], metadata["KeyUsage"], metadata["KeyState"]) == (spec, usage, "Enabled")
    lists = {name for name in metadata if name.endswith("Algorithms")}
    assert len(lists) == 1
    assert metadata[lists.pop()]
    assert WORKS[usage](kms, key, spec)


@pytest.mark.parametrize(("spec", "usage"), WRONG_PAIRS)
def test_refuses_a_usage_that_a_spec_cannot_have(kms: Any, spec: str, usage: str) -> None:
    with pytest.raises(ClientError, match=f"KeyUsage {usage} is not compatible with KeySpec {spec}") as refused:
        kms.create_key(KeySpec=spec, KeyUsage=usage)

    assert error_code(refused.value) == "ValidationException"


def test_refuses_a_spec_that_there_is_not(kms: Any) -> None:
    with pytest.raises(ClientError, match=r"Value 'RSA_1024' at 'keySpec'"):
        kms.create_key(KeySpec="RSA_1024", KeyUsage=SIGN)


def test_refuses_to_guess_the_usage_of_a_key_that_is_not_symmetric(kms: Any) -> None:
    with pytest.raises(ClientError, match="You must specify a KeyUsage value"):
        kms.create_key(KeySpec="RSA_3072")


@pytest.mark.parametrize(
    ("spec", "usage", "operation", "request_"),
    [
        ("ECC_NIST_P256", SIGN, "encrypt", {"Plaintext": b"x"}),
        ("ECC_NIST_P256", AGREE, "sign", {"Message": b"x", "SigningAlgorithm": "ECDSA_SHA_256"}),
        ("HMAC_256", MAC, "generate_data_key", {"KeySpec": "AES_256"}),
        ("RSA_2048", ENCRYPT, "generate_data_key", {"KeySpec": "AES_256"}),
        ("SYMMETRIC_DEFAULT", ENCRYPT, "generate_mac", {"Message": b"x", "MacAlgorithm": "HMAC_SHA_256"}),
        ("ECC_NIST_P256", SIGN, "derive_shared_secret", {"PublicKey": b"x", "KeyAgreementAlgorithm": "ECDH"}),
    ],
)
def test_refuses_what_a_key_is_not_for(
    make_key: MakeKey, kms: Any, *, spec: str, usage: str, operation: str, request_: dict[str, Any]
) -> None:
    key = make_key(KeySpec=spec, KeyUsage=usage)

    with pytest.raises(ClientError, match="which is not valid for") as refused:
        getattr(kms, operation)(KeyId=key, **request_)

    assert error_code(refused.value) == "InvalidKeyUsageException"


@pytest.mark.parametrize("spec", ["SYMMETRIC_DEFAULT", "HMAC_256"])
def test_refuses_a_public_key_of_a_key_that_has_none(make_key: MakeKey, kms: Any, spec: str) -> None:
    key = make_key(KeySpec=spec, KeyUsage=USAGES[spec][0])

    with pytest.raises(ClientError, match="UnsupportedOperationException"):
        kms.get_public_key(KeyId=key)


def test_an_rsa_signature_is_verified_offline_with_the_public_key(make_key: MakeKey, kms: Any) -> None:
    key = make_key(KeySpec="RSA_2048", KeyUsage=SIGN)
    signature = kms.sign(KeyId=key, Message=b"artefact", SigningAlgorithm="RSASSA_PSS_SHA_256")["Signature"]

    public: Any = load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])

    salted = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=padding.PSS.DIGEST_LENGTH)
    assert public.verify(signature, b"artefact", salted, hashes.SHA256()) is None


@pytest.mark.parametrize(
    ("spec", "usage"),
    [("ECC_NIST_P384", AGREE), ("ECC_NIST_EDWARDS25519", SIGN), ("ML_DSA_65", SIGN), ("HMAC_512", MAC)],
)
def test_cloudformation_makes_keys_of_every_kind(
    make_stacks: Callable[..., StackOperation], make_key_policy: Callable[..., Any], kms: Any, spec: str, usage: str
) -> None:
    properties = {"KeyPolicy": make_key_policy(), "KeySpec": spec, "KeyUsage": usage}

    created = make_stacks().create({"Key": {"Type": "AWS::KMS::Key", "Properties": properties}}, {"Id": {"Ref": "Key"}})

    assert (created.status, created.failures) == ("CREATE_COMPLETE", ())
    metadata = kms.describe_key(KeyId=created.outputs["Id"])["KeyMetadata"]
    assert (metadata["KeySpec"], metadata["KeyUsage"]) == (spec, usage)


def test_refuses_in_cloudformation_a_usage_that_a_spec_cannot_have(
    make_stacks: Callable[..., StackOperation], make_key_policy: Callable[..., Any]
) -> None:
    properties = {"KeyPolicy": make_key_policy(), "KeySpec": "ML_DSA_44", "KeyUsage": ENCRYPT}

    created = make_stacks().create({"Key": {"Type": "AWS::KMS::Key", "Properties": properties}})

    assert created.status == "ROLLBACK_COMPLETE"
    assert "KeyUsage ENCRYPT_DECRYPT is not compatible with KeySpec ML_DSA_44" in created.failures[0]
