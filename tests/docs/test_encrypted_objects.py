"""What the page about objects says is what the code does."""

import json
import re
from pathlib import Path

from envelope import errors, limits
from envelope.handler.requests import WholeObject, whole_object
from envelope.objects import object_metadata
from envelope.objects.object_id import OBJECT_ID

PAGE = (Path(__file__).parents[2] / "docs" / "encrypted-objects.md").read_text()
MEBIBYTE = 1024 * 1024


def test_the_request_of_the_page_is_understood() -> None:
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    asked = whole_object(json.loads(block), {"tenant"})
    assert isinstance(asked, WholeObject)
    assert asked.request.destination.uri == "s3://sealed/orders/1.csv"


def test_the_numbers_of_the_page_are_those_of_the_code() -> None:
    text = " ".join(PAGE.split())
    assert f"up to {limits.PLAINTEXT_BYTES_MAX // MEBIBYTE} MiB of plaintext" in text
    assert f"at most {limits.OBJECT_METADATA_BYTES_MAX:,} bytes" in text
    assert f"{limits.OBJECT_START_SECONDS:.0f} seconds, one second for each" in text
    assert (
        f"for each {limits.OBJECT_BYTES_PER_SECOND // MEBIBYTE} MiB, and {limits.OBJECT_RESERVE_SECONDS:.0f} sec"
        in text
    )
    assert f"Parts have {limits.PART_BYTES_DEFAULT // MEBIBYTE} MiB, and at most" in text
    assert f"at most {limits.PART_MEMORY_BYTES // MEBIBYTE} MiB of them" in text
    assert f"Sequencers have 1 to {limits.SEQUENCER_DIGITS_MAX} hexadecimal digits" in text
    assert f"objects above {limits.PART_BYTES_DEFAULT * limits.PARTS_MAX // 1024**3} GiB" in text


def test_the_memory_of_the_page_is_what_was_measured() -> None:
    benchmarks = (Path(__file__).parents[2] / "benchmarks" / "README.md").read_text()
    measured: dict[int, int] = {}
    for length, used in re.findall(r"^ +(\d+) MiB +(?:En|De)crypt .* (\d+) MB$", benchmarks, re.MULTILINE):
        measured[int(length)] = max(int(used), measured.get(int(length), 0))
    text = " ".join(PAGE.split())

    assert f"at most {measured[256]} MB for 256 MiB and {measured[1024]} MB for 1 GiB" in text
    assert f"and {measured[1]} MB for 1 MiB" in text


def test_the_names_of_the_page_are_those_of_the_code() -> None:
    ours = {
        object_metadata.KEY,
        object_metadata.FORMAT,
        object_metadata.SOURCE_BUCKET,
        object_metadata.SOURCE_VERSION,
        object_metadata.SOURCE_SEQUENCER,
    }
    assert set(re.findall(r"`(envelope-[a-z-]+)`", PAGE)) == ours
    assert f"`{object_metadata.FORMAT_NAME}`" in PAGE
    assert f"`{OBJECT_ID}`" in PAGE
    for name in re.findall(r"`([A-Z][a-z]+[A-Z][A-Za-z]+)`", PAGE):
        assert hasattr(errors, name) or name == "AbortIncompleteMultipartUpload", name
