from typing import Any

import pytest

from certificate_care.errors import Unavailable
from certificate_care.validation_records import ValidationRecord, not_validated, records_of

VALUE = "_b.abc.acm-validations.aws"


def option(name: str, *, record: str = "_a", status: str = "PENDING_VALIDATION") -> dict[str, Any]:
    base = name.removeprefix("*.")
    resource_record = {"Name": f"{record}.{base}.", "Type": "CNAME", "Value": f"{VALUE}."}
    return {"DomainName": name, "ValidationStatus": status, "ResourceRecord": resource_record}


def test_a_name_and_its_wildcard_share_one_record() -> None:
    described = {"DomainValidationOptions": [option("*.example.com"), option("example.com"), option("example.net")]}

    assert records_of(described) == (
        ValidationRecord("example.com", "_a.example.com", VALUE),
        ValidationRecord("example.net", "_a.example.net", VALUE),
    )


@pytest.mark.parametrize(
    "described",
    [
        {},
        {"DomainValidationOptions": []},
        {"DomainValidationOptions": [option("example.com"), {"DomainName": "example.net"}]},
    ],
    ids=["nothing", "no names", "one of two"],
)
def test_as_long_as_acm_does_not_know_all_records_there_are_none(described: dict[str, Any]) -> None:
    assert records_of(described) is None


def test_refuses_a_record_of_another_type() -> None:
    other = option("example.com")
    other["ResourceRecord"]["Type"] = "TXT"

    with pytest.raises(Unavailable, match=r"^a validation record must be a CNAME record, got TXT$"):
        records_of({"DomainValidationOptions": [other]})


def test_a_record_is_told_as_a_zone_file_has_it() -> None:
    assert str(ValidationRecord("example.com", "_a.example.com", VALUE)) == f"_a.example.com. CNAME {VALUE}."


@pytest.mark.parametrize(
    ("value", "is_met"),
    [(f"{VALUE}.", True), (VALUE.upper(), True), (f"{VALUE[1:]}.", True), ("_c.abc.acm-validations.aws.", False)],
    ids=["the same", "in capitals", "without underscore", "another"],
)
def test_acm_takes_the_value_with_and_without_its_first_underscore(value: str, is_met: bool) -> None:  # noqa: FBT001
    assert ValidationRecord("example.com", "_a.example.com", VALUE).is_met_by(value) is is_met


def test_the_names_that_are_not_validated_are_told_once() -> None:
    options = [option("*.example.com"), option("example.com"), option("example.net", status="SUCCESS")]

    assert not_validated({"DomainValidationOptions": options}) == ("example.com",)
