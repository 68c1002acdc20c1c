"""What an object says about itself."""

from typing import Any

import pytest

from envelope.errors import InvalidRequest, LimitExceeded
from envelope.objects import object_metadata

KEY = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OURS = len("envelope-key") + len(KEY) + len("envelope-format") + len("aws-encryption-sdk/2")


def of_message(metadata: dict[str, str], **said: Any) -> dict[str, Any]:
    return object_metadata.of_message({"Metadata": metadata, **said}, key_arn=KEY)


def test_what_says_nothing_stays_so() -> None:
    assert of_message({}, ETag='"1"', StorageClass="GLACIER") == {
        "Metadata": {"envelope-key": KEY, "envelope-format": "aws-encryption-sdk/2"}
    }


def test_what_describes_another_message_is_replaced_and_in_the_end_left_out() -> None:
    source = {"Metadata": {"envelope-key": "another", "envelope-source-sequencer": "0A", "envelope-colour": "blue"}}
    written = object_metadata.of_message(source, key_arn=KEY)
    assert written["Metadata"]["envelope-key"] == KEY
    assert "envelope-source-sequencer" not in written["Metadata"]
    assert object_metadata.of_plaintext(written) == {"Metadata": {"envelope-colour": "blue"}}


def test_as_much_metadata_as_s3_takes_is_taken() -> None:
    assert of_message({"a": "x" * (2047 - OURS)})["Metadata"]["a"]


def test_refuses_more_metadata_than_s3_takes() -> None:
    with pytest.raises(LimitExceeded, match="must be at most 2048 bytes, got 2049"):
        of_message({"a": "x" * (2048 - OURS)})


def test_refuses_metadata_that_s3_held_back() -> None:
    with pytest.raises(InvalidRequest, match="got 2 entries held back"):
        of_message({}, MissingMeta=2)
