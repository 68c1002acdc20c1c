from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from envelope.derive import message_keys
from envelope.suites import COMMITTING

SECRET = st.binary(min_size=32, max_size=32)


@given(SECRET, SECRET)
def test_derives_what_hkdf_of_cryptography_derives(data_key: bytes, message_id: bytes) -> None:
    keys = message_keys(bytearray(data_key), message_id=message_id, suite=COMMITTING)

    def hkdf(info: bytes) -> bytes:
        return HKDF(algorithm=SHA512(), length=32, salt=message_id, info=info).derive(data_key)

    assert keys.message_key == hkdf(b"\x04\x78DERIVEKEY")
    assert keys.commitment == hkdf(b"COMMITKEY")


def test_the_repr_shows_no_keys() -> None:
    keys = message_keys(bytearray(32), message_id=bytes(32), suite=COMMITTING)

    assert repr(keys) == "MessageKeys()"
