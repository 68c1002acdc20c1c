import pytest

from constructs_lib.certificates.requested_certificate import check_records_fit
from constructs_lib.certificates.wanted_certificate import Export, WantedCertificate
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.certificate_facts import KeyAlgorithm

LONGEST = 253


def wanted(*names: str) -> WantedCertificate:
    return WantedCertificate(domain_names=names, key_algorithm=KeyAlgorithm.RSA_2048, export=Export.NEVER)


def name_of(length: int, number: int = 0) -> str:
    return f"{number}{'a' * (length - 5)}.com"


def test_seven_of_the_longest_names_fit_into_an_answer_and_eight_do_not() -> None:
    check_records_fit(wanted(*(name_of(LONGEST, number) for number in range(7))))
    with pytest.raises(ConfigurationError, match=r"at most 3000 characters with 150 for each record, got 3224"):
        check_records_fit(wanted(*(name_of(LONGEST, number) for number in range(8))))


def test_the_last_character_counts() -> None:
    names = [name_of(450, number) for number in range(5)]
    check_records_fit(wanted(*names))
    with pytest.raises(ConfigurationError, match="got 3001"):
        check_records_fit(wanted(*names[:4], name_of(451, 4)))


def test_a_wildcard_takes_no_place_beside_its_parent() -> None:
    names = [name_of(LONGEST, number) for number in range(7)]
    check_records_fit(wanted(*names, *(f"*.{each}" for each in names)))
