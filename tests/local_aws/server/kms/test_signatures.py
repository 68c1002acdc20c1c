import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSAMuHasher
from cryptography.hazmat.primitives.serialization import load_der_public_key

from local_aws.server.kms.ed25519ph import is_signature

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
ML_DSA, ED25519, ED25519PH = "ML_DSA_SHAKE_256", "ED25519_SHA_512", "ED25519_PH_SHA_512"
DIGEST = hashlib.sha512(b"artefact").digest()


@pytest.fixture(scope="module")
def keys() -> dict[str, str]:
    return {}


@pytest.fixture
def key(make_key: MakeKey, keys: dict[str, str]) -> Callable[[str], str]:
    """One key of each spec for the whole file."""

    def find(spec: str) -> str:
        if spec not in keys:
            keys[spec] = make_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")
        return keys[spec]

    return find


def _public(kms: Any, key: str) -> Any:
    return load_der_public_key(kms.get_public_key(KeyId=key)["PublicKey"])


@pytest.mark.parametrize("spec", ["ML_DSA_44", "ML_DSA_65", "ML_DSA_87"])
def test_an_ml_dsa_signature_is_verified_offline(kms: Any, key: Callable[[str], str], spec: str) -> None:
    signed = kms.sign(KeyId=key(spec), Message=b"artefact", SigningAlgorithm=ML_DSA)

    assert signed["SigningAlgorithm"] == ML_DSA
    assert _public(kms, key(spec)).verify(signed["Signature"], b"artefact") is None


def test_a_message_that_was_hashed_outside_has_the_same_ml_dsa_signatures(kms: Any, key: Callable[[str], str]) -> None:
    hasher = MLDSAMuHasher(_public(kms, key("ML_DSA_44")))
    hasher.update(b"artefact")
    request = {"KeyId": key("ML_DSA_44"), "SigningAlgorithm": ML_DSA}

    signature = kms.sign(**request, Message=hasher.finalize(), MessageType="EXTERNAL_MU")["Signature"]

    assert kms.verify(**request, Message=b"artefact", Signature=signature)["SignatureValid"]


def test_an_ed25519ph_signature_is_over_the_digest_of_what_was_sent(kms: Any, key: Callable[[str], str]) -> None:
    request = {
        "KeyId": key("ECC_NIST_EDWARDS25519"), "Message": DIGEST, "MessageType": "DIGEST", "SigningAlgorithm": ED25519PH
    }  # fmt: skip

    signature = kms.sign(**request)["Signature"]

    public = _public(kms, key("ECC_NIST_EDWARDS25519")).public_bytes_raw()
    assert is_signature(public, DIGEST, signature)
    assert kms.verify(**request, Signature=signature)["SignatureValid"]


@pytest.mark.parametrize(
    ("spec", "algorithm", "kind"),
    [("ML_DSA_44", ML_DSA, "RAW"), ("ECC_NIST_EDWARDS25519", ED25519PH, "DIGEST"),
     ("ECC_NIST_EDWARDS25519", ED25519, "RAW"), ("ECC_NIST_P256", "ECDSA_SHA_256", "RAW")],
)  # fmt: skip
def test_refuses_the_signature_of_another_message(
    kms: Any, key: Callable[[str], str], spec: str, algorithm: str, kind: str
) -> None:
    request = {"KeyId": key(spec), "SigningAlgorithm": algorithm, "MessageType": kind}
    signature = kms.sign(**request, Message=DIGEST)["Signature"]

    with pytest.raises(ClientError, match="KMSInvalidSignatureException"):
        kms.verify(**request, Message=DIGEST[::-1], Signature=signature)


@pytest.mark.parametrize(
    ("spec", "algorithm", "kind", "message", "why"),
    [
        ("ML_DSA_44", ML_DSA, "DIGEST", DIGEST, "requires MessageType RAW or EXTERNAL_MU"),
        ("ML_DSA_44", ML_DSA, "EXTERNAL_MU", b"short", "Digest is invalid length"),
        ("ECC_NIST_EDWARDS25519", ED25519, "DIGEST", DIGEST, "requires MessageType RAW"),
        ("ECC_NIST_EDWARDS25519", ED25519PH, "RAW", DIGEST, "requires MessageType DIGEST"),
        ("ECC_NIST_EDWARDS25519", ED25519PH, "DIGEST", b"short", "Digest is invalid length"),
        ("ECC_NIST_P256", "ECDSA_SHA_256", "EXTERNAL_MU", DIGEST, "requires MessageType RAW or DIGEST"),
        ("ECC_NIST_P256", "ECDSA_SHA_384", "RAW", b"artefact", "InvalidKeyUsageException"),
        ("ECC_NIST_P256", "ECDSA_SHA_256", "RAW", b"x" * 4097, "less than or equal to 4096"),
    ],
    ids=[
        "digest",
        "short representative",
        "Ed25519 of a digest",
        "Ed25519ph of a message",
        "short digest",
        "representative of another algorithm",
        "another key's algorithm",
        "long message",
    ],
)
def test_refuses_to_sign_in_a_form_that_the_algorithm_has_not(
    kms: Any, key: Callable[[str], str], *, spec: str, algorithm: str, kind: str, message: bytes, why: str
) -> None:
    with pytest.raises(ClientError, match=why):
        kms.sign(KeyId=key(spec), Message=message, MessageType=kind, SigningAlgorithm=algorithm)
