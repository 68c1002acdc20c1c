from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
CURVES = {"ECC_NIST_P256": ec.SECP256R1(), "ECC_NIST_P384": ec.SECP384R1(), "ECC_NIST_P521": ec.SECP521R1()}


def _der(private: Any) -> bytes:
    return bytes(private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


@pytest.mark.parametrize("spec", CURVES)
def test_both_sides_derive_the_same_secret(make_key: MakeKey, kms: Any, spec: str) -> None:
    key = make_key(KeySpec=spec, KeyUsage="KEY_AGREEMENT")
    peer = ec.generate_private_key(CURVES[spec])

    answer = kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=_der(peer))

    public = kms.get_public_key(KeyId=key)
    mine = load_der_public_key(public["PublicKey"])
    assert isinstance(mine, ec.EllipticCurvePublicKey)
    assert answer["SharedSecret"] == peer.exchange(ec.ECDH(), mine)
    assert (answer["KeyId"], answer["KeyOrigin"]) == (key, "AWS_KMS")
    assert public["KeyAgreementAlgorithms"] == ["ECDH"]


@pytest.mark.parametrize(
    ("public_key", "why"),
    [
        (_der(ec.generate_private_key(ec.SECP384R1())), "not on the curve"),
        (_der(ed25519.Ed25519PrivateKey.generate()), "not one of an elliptic curve"),
        (b"no key", "not a DER-encoded"),
    ],
    ids=["another curve", "no such curve", "no key"],
)
def test_refuses_a_public_key_that_does_not_fit(make_key: MakeKey, kms: Any, public_key: bytes, why: str) -> None:
    key = make_key(KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT")

    with pytest.raises(ClientError, match=why):
        kms.derive_shared_secret(KeyId=key, KeyAgreementAlgorithm="ECDH", PublicKey=public_key)


def test_the_key_policy_decides_who_derives(
    make_key: MakeKey, make_person: Callable[..., tuple[str, Any]], allow: Callable[..., dict[str, Any]]
) -> None:
    role, person = make_person()
    _, stranger = make_person()
    key = make_key(allow(role, "kms:DeriveSharedSecret"), KeySpec="ECC_NIST_P256", KeyUsage="KEY_AGREEMENT")
    request = {
        "KeyId": key, "KeyAgreementAlgorithm": "ECDH", "PublicKey": _der(ec.generate_private_key(ec.SECP256R1()))
    }  # fmt: skip

    assert len(person.derive_shared_secret(**request)["SharedSecret"]) == 32
    with pytest.raises(ClientError, match="no resource-based policy allows the kms:DeriveSharedSecret action"):
        stranger.derive_shared_secret(**request)
