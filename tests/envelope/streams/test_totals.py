import io

from envelope.format.context import EncryptionContext
from envelope.keys.materials import FreshDataKeys
from envelope.streams.decryptor import decrypt_stream
from envelope.streams.encryptor import encrypt_stream
from tests.support.raw_keyring import RawKeyring


def test_both_directions_count_the_same() -> None:
    keys, context, sealed = FreshDataKeys(RawKeyring()), EncryptionContext.of({}), io.BytesIO()

    written = encrypt_stream(io.BytesIO(bytes(1000)), sealed, keys=keys, context=context)
    read = decrypt_stream(io.BytesIO(sealed.getvalue()), io.BytesIO(), keys=keys, context=context)

    assert written == read
    assert (written.plaintext_bytes, written.message_bytes) == (1000, len(sealed.getvalue()))
