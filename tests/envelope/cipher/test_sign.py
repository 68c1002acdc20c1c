import base64
import hashlib
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from envelope.cipher.sign import SigningKey, verify_signature
from envelope.errors import NotAuthentic
from envelope.format.suites import SUITES, SignatureScheme

SIGNED = [suite.signature for suite in SUITES.values() if suite.signature is not None]
SCHEMES = sorted(set(SIGNED), key=lambda scheme: scheme.curve)


def digest_of(scheme: SignatureScheme, data: bytes = b"message") -> bytes:
    return hashlib.new(scheme.hash_name, data).digest()


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.curve)
def test_signatures_have_one_length_and_verify(scheme: SignatureScheme) -> None:
    key = SigningKey.generate(scheme)

    for number in range(20):
        digest = digest_of(scheme, bytes([number]))
        signature = key.sign(digest)
        assert len(signature) == scheme.signature_bytes
        verify_signature(signature, digest=digest, public_key=key.public_key, scheme=scheme)


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.curve)
def test_a_public_key_is_its_compressed_point(scheme: SignatureScheme) -> None:
    for number in (*range(1, 20), 4711):
        key = ec.derive_private_key(number, ec.SECP384R1() if scheme.curve == "secp384r1" else ec.SECP256R1())
        point = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)

        assert base64.b64decode(SigningKey(key, scheme=scheme).public_key) == point


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.curve)
def test_refuses_another_hash_another_key_and_another_signature(scheme: SignatureScheme) -> None:
    key, other = SigningKey.generate(scheme), SigningKey.generate(scheme)
    digest = digest_of(scheme)
    signature = key.sign(digest)

    for changed in (
        {"digest": digest_of(scheme, b"other")},
        {"public_key": other.public_key},
        {"signature": other.sign(digest)},
        {"signature": signature[:-1]},
        {"signature": b""},
    ):
        arguments = {"signature": signature, "digest": digest, "public_key": key.public_key, **changed}
        with pytest.raises(NotAuthentic) as refusal:
            verify_signature(arguments.pop("signature"), scheme=scheme, **arguments)  # type: ignore[arg-type]
        assert refusal.value.__cause__ is None


def test_refuses_what_is_no_point_of_the_curve() -> None:
    scheme = SCHEMES[1]
    on_another_curve = base64.b64encode(
        ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    ).decode()
    beyond_the_field = base64.b64encode(b"\x02" + b"\xff" * 48).decode()

    for text in (
        "",
        "A",
        "not base64!",
        "\u00e9",
        on_another_curve,
        beyond_the_field,
        base64.b64encode(b"\x00").decode(),
    ):
        with pytest.raises(NotAuthentic):
            verify_signature(b"signature", digest=digest_of(scheme), public_key=text, scheme=scheme)


@given(st.binary(max_size=120))
def test_refuses_noise(noise: bytes) -> None:
    scheme = SCHEMES[1]
    key = SigningKey.generate(scheme).public_key

    with pytest.raises(NotAuthentic):
        verify_signature(noise, digest=digest_of(scheme), public_key=key, scheme=scheme)


def test_a_signing_key_hides_itself() -> None:
    key = SigningKey.generate(SCHEMES[0])

    assert repr(key) == "SigningKey(hidden)"
    with pytest.raises(TypeError):
        json.dumps(key)
