from pathlib import Path

from envelope import limits
from tests.support.annotated_dump import CONTEXT, PLAINTEXT, annotated, fields, small_message
from tests.support.fake_kms import KEY_ARN, FakeKms
from tests.support.sdk import kms_provider, sdk_decrypt

PAGE = (Path(__file__).parents[2] / "docs" / "message-format.md").read_text()


def test_the_dump_is_what_the_code_writes() -> None:
    assert f"```text\n{annotated(small_message())}\n```" in PAGE


def test_the_dump_covers_every_byte() -> None:
    assert sum(length for length, _ in fields()) == len(small_message())


def test_the_sdk_reads_the_message_of_the_page() -> None:
    provider = kms_provider(FakeKms(), key_arn=KEY_ARN)

    assert sdk_decrypt(small_message(), provider=provider) == (PLAINTEXT, CONTEXT)


def test_the_numbers_of_the_page_are_those_of_the_code() -> None:
    assert f"at most {limits.CONTEXT_BYTES_MAX:,} bytes" in PAGE
    assert f"At most {limits.PLAINTEXT_BYTES_MAX // 2**20} MiB of plaintext" in PAGE
    assert f"{limits.FRAME_BYTES_DEFAULT // 1024} KiB unless told otherwise" in PAGE
    assert limits.ENCRYPTED_DATA_KEYS_MAX == 5
    assert "more than five is refused" in PAGE
