import pytest

from envelope.errors import MalformedMessage
from envelope.format.footer import parse_footer, serialise_footer
from envelope.limits import SIGNATURE_BYTES_MAX

SIGNATURE = bytes(range(103))


def test_reads_what_it_writes() -> None:
    assert serialise_footer(SIGNATURE) == b"\x00\x67" + SIGNATURE
    assert parse_footer(serialise_footer(SIGNATURE)) == SIGNATURE
    assert parse_footer(serialise_footer(b"\x01" * SIGNATURE_BYTES_MAX)) == b"\x01" * SIGNATURE_BYTES_MAX


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", "length of|signature length must be 2 bytes"),
        (b"\x00", "signature length must be 2 bytes"),
        (b"\x00\x00", "signature length must be 1 to 104, got 0"),
        (b"\x00\x69" + bytes(105), "signature length must be 1 to 104, got 105"),
        (b"\xff\xff", "signature length must be 1 to 104, got 65535"),
        (serialise_footer(SIGNATURE)[:-1], "signature must be 103 bytes"),
        (serialise_footer(SIGNATURE) + b"x", "message must end at offset 105, got 1 more bytes"),
    ],
)
def test_refuses_anything_else(data: bytes, refusal: str) -> None:
    with pytest.raises(MalformedMessage, match=refusal):
        parse_footer(data)
