import json
import re
from pathlib import Path

from envelope import limits
from envelope.format.suites import COMMITTING_SIGNED
from tests.support.annotated_dump import CONTEXT, PLAINTEXT, annotated, fields, small_message, suite_table
from tests.support.fake_kms import KEY_ARN, FakeKms
from tests.support.sdk import kms_provider, sdk_decrypt
from tests.vectors.generate import BUILT

PAGE = (Path(__file__).parents[2] / "docs" / "message-format.md").read_text()


def test_the_dump_is_what_the_code_writes() -> None:
    assert f"```text\n{annotated(small_message())}\n```" in PAGE


def test_the_table_of_suites_is_that_of_the_code() -> None:
    assert suite_table() in PAGE


def test_the_steps_of_the_page_are_the_stages_of_the_vectors() -> None:
    vectors = json.loads(BUILT.read_text())["vectors"]
    stages = {vector["stage"] for vector in vectors if "stage" in vector}
    steps = re.findall(r"^\| ([a-z0-9, .]+?) \| .* \| (?:`MalformedMessage`|`NotAuthentic`).* \|$", PAGE, re.MULTILINE)

    assert {"frame 1, 2, ..." if stage.startswith("frame") else stage for stage in stages} == set(steps)


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
    assert f"at most five encrypted data keys and {limits.HEADER_BYTES_MAX // 1024} KiB in all" in PAGE
    assert f"at most {limits.READ_FRAME_BYTES_MAX // 2**20} MiB in one frame" in PAGE
    assert f"has at most {limits.SIGNATURE_BYTES_MAX} bytes" in PAGE
    assert COMMITTING_SIGNED.signature is not None
    assert f"the usual length of {COMMITTING_SIGNED.signature.signature_bytes} bytes" in PAGE
