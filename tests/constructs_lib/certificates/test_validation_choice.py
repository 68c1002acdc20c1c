from dataclasses import replace

import pytest

from constructs_lib.certificates.caa_records import CaaRecords
from constructs_lib.certificates.validation import (
    DelegatedZone,
    DnsValidation,
    OutsideDns,
    dns_validation,
    outside_dns,
    unsafe_email_validation,
)
from constructs_lib.certificates.validation_choice import check_caa, check_function, needs_function, replacing
from constructs_lib.certificates.validation_zones import ReadZone
from constructs_lib.errors import ConfigurationError

THEIRS = DelegatedZone(
    zone_name="example.org", hosted_zone_id="Z2", role_arn="arn:aws:iam::444455556666:role/certificates"
)
OWN_ZONE = ReadZone(
    zone_name="example.com", hosted_zone_id="Z1", identity="Z1", delegated=None, domain_names=("shop.example.com",)
)
FAR_ZONE = ReadZone(
    zone_name="example.org", hosted_zone_id="Z2", identity="Z2", delegated=THEIRS, domain_names=("example.org",)
)
IN_ZONES: DnsValidation = dns_validation(THEIRS)
OUTSIDE: OutsideDns = outside_dns()


def test_a_function_is_needed_where_cloudformation_cannot_write() -> None:
    assert needs_function(IN_ZONES, [OWN_ZONE]) is None
    assert needs_function(IN_ZONES, [OWN_ZONE, FAR_ZONE]) == "the delegated zone example.org"
    assert needs_function(OUTSIDE, []) == "outside_dns()"
    assert needs_function(unsafe_email_validation(because="no DNS"), []) is None


def test_cloudformation_replaces_its_certificate_with_its_zones_and_the_function_keeps_one() -> None:
    moved = replace(OWN_ZONE, identity="Z3")
    assert replacing(IN_ZONES, [OWN_ZONE]) != replacing(IN_ZONES, [moved])
    assert replacing(IN_ZONES, [OWN_ZONE, FAR_ZONE]) == replacing(IN_ZONES, [moved, FAR_ZONE]) == replacing(OUTSIDE, [])


def test_other_mailboxes_make_another_certificate() -> None:
    first, second = (
        unsafe_email_validation(because="no DNS", mailboxes_at={"shop.example.com": place})
        for place in ("shop.example.com", "example.com")
    )
    assert replacing(first, []) != replacing(second, [])
    assert replacing(first, []) == replacing(replace(first, because="old DNS"), [])


def test_caa_records_are_written_where_every_name_is_in_a_zone_of_the_account() -> None:
    check_caa(CaaRecords.AMAZON, [OWN_ZONE])
    check_caa(CaaRecords.NONE, [FAR_ZONE])
    with pytest.raises(ConfigurationError, match=r"caa must be CaaRecords\.NONE .* with example\.org: have issue, and"):
        check_caa(CaaRecords.AMAZON, [OWN_ZONE, FAR_ZONE])


def test_refuses_words_about_a_function_where_there_is_none() -> None:
    check_function(None, {}, needed_for=None)
    with pytest.raises(ConfigurationError, match=r"^memory_size_mib must be left out .*, got 512$"):
        check_function(None, {"memory_size_mib": 512}, needed_for=None)
    with pytest.raises(ConfigurationError, match=r"which outside_dns\(\) needs, got None$"):
        check_function(None, {}, needed_for="outside_dns()")
