import sys
from io import BytesIO, StringIO

import pytest

from envelope.errors import InvalidRequest, NotAuthentic
from envelope.format.context import EncryptionContext
from envelope.format.suites import CommitmentPolicy
from envelope.streams.decryptor import Release
from envelope.streams.ranges import SignedRanges
from kms_envelope.byte_range import ByteRange
from kms_envelope.reading import Reading
from kms_envelope.source import FileSource
from kms_envelope.wrapping_keys import keys_by_arn
from tests.support.fake_kms import KEY_ARN
from tests.support.kms_envelope_command import CONTEXT, KEY, FakeAws, run_command

PLAINTEXT = bytes(range(256)) * 20


@pytest.fixture
def aws() -> FakeAws:
    return FakeAws()


@pytest.fixture
def message(aws: FakeAws) -> bytes:
    return run_command(
        "encrypt", *KEY, *CONTEXT, "--frame-length", "500", "-", "-", aws=aws, piped=PLAINTEXT
    ).stdout_bytes


@pytest.fixture
def reading(aws: FakeAws) -> Reading:
    return Reading(
        keys=keys_by_arn([KEY_ARN], aws=aws, grant_tokens=[]),
        context=EncryptionContext.of({"tenant": "blue"}),
        policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
    )


def test_all_of_a_message_is_read(reading: Reading, message: bytes) -> None:
    plaintext = BytesIO()

    reading.read_whole(FileSource(BytesIO(message), size=None), plaintext, release=Release.AFTER_ALL)

    assert plaintext.getvalue() == PLAINTEXT


def test_a_range_is_read_although_the_rest_is_damaged(reading: Reading, message: bytes) -> None:
    damaged = message[:-1] + bytes([message[-1] ^ 1])
    source, plaintext = FileSource(BytesIO(damaged), size=len(damaged)), BytesIO()

    reading.read_range(source, plaintext, byte_range=ByteRange(100, 1100), signed=SignedRanges.REFUSED)

    assert plaintext.getvalue() == PLAINTEXT[100:1101]
    with pytest.raises(NotAuthentic):
        reading.read_range(source, plaintext, byte_range=ByteRange(-1, None), signed=SignedRanges.REFUSED)


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_sees_how_far_a_range_is(reading: Reading, message: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, source = Terminal(), FileSource(BytesIO(message), size=len(message))
    monkeypatch.setattr(sys, "stderr", terminal)

    reading.read_range(source, BytesIO(), byte_range=ByteRange(0, 5119), signed=SignedRanges.REFUSED)

    assert "decrypting" in terminal.getvalue()
    assert "100%" in terminal.getvalue()


def test_refuses_a_range_of_a_pipe(reading: Reading, message: bytes) -> None:
    source = FileSource(BytesIO(message), size=None)

    with pytest.raises(InvalidRequest, match="got a pipe"):
        reading.read_range(source, BytesIO(), byte_range=ByteRange(0, 1), signed=SignedRanges.REFUSED)
