from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from local_aws.server.kms.ed25519ph import is_signature, sign

# https://www.rfc-editor.org/rfc/rfc8032#section-7.3
SEED = bytes.fromhex("833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42")
SIGNATURE = bytes.fromhex(
    "98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae41"
    "31f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406"
)
PUBLIC = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()


def test_the_published_example_is_signed_as_published() -> None:
    assert sign(SEED, b"abc") == SIGNATURE
    assert is_signature(PUBLIC, b"abc", SIGNATURE)


def test_refuses_whatever_is_changed() -> None:
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()

    assert not is_signature(PUBLIC, b"abd", SIGNATURE)
    assert not is_signature(other, b"abc", SIGNATURE)
    assert not is_signature(PUBLIC, b"abc", SIGNATURE[:-1])
    assert not is_signature(PUBLIC, b"abc", SIGNATURE[:32] + b"\xff" * 32)
    assert not is_signature(PUBLIC, b"abc", bytes(32) + SIGNATURE[32:])
    assert not is_signature(b"\xff" * 32, b"abc", SIGNATURE)


def test_refuses_the_signature_of_plain_ed25519() -> None:
    plain = Ed25519PrivateKey.from_private_bytes(SEED).sign(b"abc")

    assert not is_signature(PUBLIC, b"abc", plain)
