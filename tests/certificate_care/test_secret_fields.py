import json

import pytest

from certificate_care.errors import CertificateRefused
from certificate_care.secret_fields import FIELDS, SecretFields
from tests.support.wrong_certificates import WRONG_VALUES

WHOLE = {"certificate": "c", "private_key": "hush", "certificate_chain": " i ", "passphrase": "open"}


def test_reads_its_four_fields_and_passes_others_over() -> None:
    assert tuple(FIELDS) == ("certificate", "private_key", "certificate_chain", "passphrase")
    read = SecretFields.of(json.dumps(WHOLE | {"serial": 1}))
    assert (read.certificate, read.private_key, read.chain, read.passphrase) == ("c", "hush", "i", "open")


@pytest.mark.parametrize("left_out", ["certificate_chain", "passphrase"])
@pytest.mark.parametrize("is_there", [False, True], ids=["missing", "empty"])
def test_the_chain_and_the_passphrase_may_be_missing_or_empty(left_out: str, *, is_there: bool) -> None:
    fields = {name: value for name, value in WHOLE.items() if name != left_out}
    read = SecretFields.of(json.dumps(fields | ({left_out: ""} if is_there else {})))

    assert (read.chain, read.passphrase) == (("", "open") if left_out == "certificate_chain" else ("i", None))


def test_shows_neither_key_nor_passphrase() -> None:
    assert repr(SecretFields.of(json.dumps(WHOLE))) == "SecretFields(certificate='c', chain='i')"


@pytest.mark.parametrize("wrong", [each for each in WRONG_VALUES if "JSON" in each])
def test_refuses_what_is_no_object_without_showing_it(wrong: str) -> None:
    make, reason = WRONG_VALUES[wrong]

    with pytest.raises(CertificateRefused, match=reason) as refused:
        SecretFields.of(make())
    assert str(refused.value).endswith("got something else")
    assert refused.value.__context__ is None


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [1, None, ["a"], {}], ids=str)
def test_refuses_a_field_that_is_no_text(name: str, value: object) -> None:
    with pytest.raises(CertificateRefused, match=f"^{name} must be a text, got {type(value).__name__}$"):
        SecretFields.of(json.dumps(WHOLE | {name: value}))


@pytest.mark.parametrize("name", ["certificate", "private_key"])
@pytest.mark.parametrize("value", ["", " \n"], ids=repr)
def test_refuses_to_go_without_certificate_and_key(name: str, value: str) -> None:
    with pytest.raises(CertificateRefused, match=f"got no {name}$"):
        SecretFields.of(json.dumps(WHOLE | {name: value}))
