"""Messages of the Python SDK 1.3.5, all of format 1 and all under KMS keys: their shape, and that it is read as one."""

import json

import pytest

from envelope.errors import MalformedMessage
from envelope.format.header import UnverifiedHeader
from tests.support.opening import EVERYTHING
from tests.support.plain_header import parse_header
from tests.support.plain_reader import frames_of
from tests.support.published import Record, count, file_named, published_archive


def test_every_message_has_the_shape_that_we_read(record_property: Record) -> None:
    files = published_archive("python-1.3.5.zip")
    scenarios = json.loads(files["decrypt_message.json"])["tests"] if files else {}
    plaintexts = {name: len(data) for name, data in files.items() if name.startswith("plaintexts/")}

    for scenario in scenarios.values():
        sealed = file_named(files, scenario["ciphertext"])
        header, plain = UnverifiedHeader.parse(sealed, policy=EVERYTHING), parse_header(sealed)
        frames = list(frames_of(sealed, plain))

        assert sum(len(frame.sealed) - 16 for frame in frames) == plaintexts[scenario["plaintext"][7:]]
        assert (header.suite.suite_id, header.message_id) == (plain.facts.suite_id, plain.message_id)
        assert (header.frame_length, header.length) == (plain.frame_length, plain.length)
        assert header.context.encoded == tuple(sorted(plain.pairs))
        assert [key.provider_id for key in header.encrypted_data_keys] == [b"aws-kms"] * len(plain.encrypted_data_keys)
        assert (frames[-1].end == len(sealed)) == (plain.facts.curve is None)
        with pytest.raises(MalformedMessage, match="commitment policy REQUIRE_ENCRYPT_REQUIRE_DECRYPT"):
            UnverifiedHeader.parse(sealed)
    count(record_property, "published messages parsed", len(scenarios))
