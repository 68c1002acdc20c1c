import pytest
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from envelope.cipher.derive import message_keys
from envelope.format.suites import COMMITTING, SUITES

SECRET = st.binary(min_size=32, max_size=32)


@given(SECRET, SECRET)
def test_derives_what_hkdf_of_cryptography_derives(data_key: bytes, message_id: bytes) -> None:
    keys = message_keys(bytearray(data_key), message_id=message_id, suite=COMMITTING)

    def hkdf(info: bytes) -> bytes:
        return HKDF(algorithm=SHA512(), length=32, salt=message_id, info=info).derive(data_key)

    assert keys.message_key == hkdf(b"\x04\x78DERIVEKEY")
    assert keys.commitment == hkdf(b"COMMITKEY")


@pytest.mark.parametrize(
    ("suite_id", "algorithm"),
    [
        (0x0378, SHA384()),
        (0x0346, SHA384()),
        (0x0214, SHA256()),
        (0x0178, SHA256()),
        (0x0146, SHA256()),
        (0x0114, SHA256()),
    ],
)
def test_derives_the_keys_of_format_1_as_hkdf_of_cryptography_does(suite_id: int, algorithm: HashAlgorithm) -> None:
    suite, message_id = SUITES[suite_id], bytes(range(16))
    data_key = bytes(range(100, 100 + suite.key_bytes))
    info = suite_id.to_bytes(2) + message_id

    keys = message_keys(bytearray(data_key), message_id=message_id, suite=suite)

    assert keys.message_key == HKDF(algorithm=algorithm, length=suite.key_bytes, salt=None, info=info).derive(data_key)
    assert keys.commitment == b""


@pytest.mark.parametrize("suite_id", [0x0078, 0x0046, 0x0014])
def test_the_data_key_itself_is_the_key_of_suites_without_derivation(suite_id: int) -> None:
    data_key = bytearray(range(SUITES[suite_id].key_bytes))

    assert message_keys(data_key, message_id=bytes(16), suite=SUITES[suite_id]).message_key == data_key


def test_the_repr_shows_no_keys() -> None:
    keys = message_keys(bytearray(32), message_id=bytes(32), suite=COMMITTING)

    assert repr(keys) == "MessageKeys()"
