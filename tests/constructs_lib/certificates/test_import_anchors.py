import base64
from typing import Any

import pytest

from constructs_lib.certificates.import_anchors import read_trust_anchors
from constructs_lib.errors import ConfigurationError

SHORT = b"\x30\x03\x02\x01\x07"
LONG = b"\x30\x81\xc8" + bytes(200)


def pem(encoded: bytes, *, width: int = 64, end: str = "\n", label: str = "CERTIFICATE") -> str:
    body = base64.b64encode(encoded).decode()
    lines = [body[at : at + width] for at in range(0, len(body), width)]
    return end.join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


@pytest.mark.parametrize("width", [64, 76, 1_000])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_one_certificate_is_one_text_however_it_is_written(width: int, end: str) -> None:
    assert read_trust_anchors([pem(LONG, width=width, end=end), pem(SHORT)]) == (pem(LONG), pem(SHORT))


def test_nobody_has_to_be_trusted() -> None:
    assert read_trust_anchors(()) == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (pem(SHORT), "trust_anchors must be a list of certificates in PEM, got a text that is none"),
        (None, "trust_anchors must be a list of certificates in PEM, got None"),
        ([pem(SHORT)] * 51, "trust_anchors must be at most 50 certificates, got 51"),
        ([7], "trust_anchors[0] must be one certificate in PEM, from -----BEGIN CERTIFICATE----- to"),
        ([pem(SHORT), "root.pem"], "trust_anchors[1] must be one certificate in PEM, from -----BEGIN"),
        ([pem(SHORT) + pem(LONG)], "trust_anchors[0] must be one certificate in PEM, from -----BEGIN"),
        ([pem(SHORT, label="X509 CRL")], "trust_anchors[0] must be one certificate in PEM, from -----BEGIN"),
        ([pem(SHORT).replace("MAMCAQc=", "MAMCAQc")], "trust_anchors[0] must be one certificate in PEM, got no base64"),
        ([pem(b"\x31" + SHORT[1:])], "trust_anchors[0] must be one whole certificate in PEM, got something else"),
        ([pem(LONG[:-1])], "trust_anchors[0] must be one whole certificate in PEM, got something else"),
        ([pem(SHORT + b"\x00")], "trust_anchors[0] must be one whole certificate in PEM, got something else"),
        ([pem(b"\x30")], "trust_anchors[0] must be one whole certificate in PEM, got something else"),
        (
            [pem(SHORT), pem(LONG), pem(LONG, width=70)],
            "trust_anchors must name each certificate once, got trust_anchors[2] like trust_anchors[1]",
        ),
    ],
    ids=["text", "none", "many", "number", "path", "two", "label", "base64", "tag", "cut", "more", "empty", "twice"],
)
def test_refuses_what_is_no_list_of_certificates(given: Any, message: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read_trust_anchors(given)

    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("label", ["PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"])
def test_refuses_a_private_key_and_does_not_show_it(label: str) -> None:
    key = pem(b"very-secret-key-material", label=label)

    for given in (key, pem(SHORT) + key):
        with pytest.raises(ConfigurationError, match="got one with a private key: take that out") as refused:
            read_trust_anchors([given])
        assert base64.b64encode(b"very-secret").decode()[:12] not in str(refused.value)
