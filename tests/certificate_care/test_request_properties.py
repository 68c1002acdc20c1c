from typing import Any

import pytest

from certificate_care.errors import InvalidEvent
from certificate_care.request_properties import RequestedCertificate, Zone

ROLE = "arn:aws:iam::444455556666:role/dns/certificates"
TAGS = [{"Key": "a", "Value": "b"}]
ZONE: dict[str, Any] = {"HostedZoneId": "Z1", "DomainNames": ["example.com"]}
WANTED: dict[str, Any] = {
    "ServiceToken": "arn:aws:lambda:eu-central-1:111122223333:function:f",
    "DomainName": "example.com",
    "KeyAlgorithm": "EC_prime256v1",
    "Tags": TAGS,
}


def refusal(**changed: Any) -> str:
    with pytest.raises(InvalidEvent) as refused:
        RequestedCertificate.of({**WANTED, **changed})
    return str(refused.value)


def test_the_least_that_a_template_says() -> None:
    assert RequestedCertificate.of(WANTED) == RequestedCertificate(
        domain_names=("example.com",),
        key_algorithm="EC_prime256v1",
        export="DISABLED",
        tags={"a": "b"},
        zones=(),
    )


def test_the_most_that_a_template_says() -> None:
    zone = {**ZONE, "RoleArn": ROLE, "ExternalId": "shop-1"}
    read = RequestedCertificate.of({
        **WANTED,
        "SubjectAlternativeNames": ["*.example.com"],
        "Export": "ENABLED",
        "Zones": [zone],
    })

    assert read.domain_names == ("example.com", "*.example.com")
    assert read.export == "ENABLED"
    assert read.zones == (
        Zone(hosted_zone_id="Z1", domain_names=("example.com",), role_arn=ROLE, external_id="shop-1"),
    )


def test_a_name_told_twice_is_asked_for_once() -> None:
    assert RequestedCertificate.of({**WANTED, "SubjectAlternativeNames": ["example.com"]}).domain_names == (
        "example.com",
    )


def test_a_wildcard_is_validated_by_the_record_of_its_parent() -> None:
    read = RequestedCertificate.of({
        **WANTED,
        "DomainName": "*.example.com",
        "SubjectAlternativeNames": ["example.com"],
    })

    assert read.validated_names == ("example.com",)


@pytest.mark.parametrize(
    "name",
    [
        "Example.com",
        "example",
        "a..com",
        "-a.com",
        "a-.com",
        "*.*.com",
        "a.*.com",
        "a b.com",
        "a.com\n",
        f"{'a' * 64}.com",
    ],
)
def test_refuses_a_name_that_is_none(name: str) -> None:
    assert refusal(DomainName=name).startswith("DomainName must be a domain name in lower case, got ")
    assert refusal(SubjectAlternativeNames=[name]).startswith("SubjectAlternativeNames must be a domain name")


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"DomainName": None}, "DomainName must be a domain name in lower case, got NoneType"),
        ({"DomainName": f"{'a.' * 130}com"}, "DomainName must be a domain name in lower case, got 'a.a."),
        ({"SubjectAlternativeNames": "a.com"}, "SubjectAlternativeNames must be a list, got str"),
        (
            {"SubjectAlternativeNames": [f"a{n}.com" for n in range(100)]},
            "SubjectAlternativeNames must be at most 99 names, got 100",
        ),
        (
            {"KeyAlgorithm": "RSA_1024"},
            "KeyAlgorithm must be one of ['RSA_2048', 'EC_prime256v1', 'EC_secp384r1'], got 'RSA_1024'",
        ),
        ({"KeyAlgorithm": ["RSA_2048"]}, "KeyAlgorithm must be one of "),
        ({"Export": "true"}, "Export must be one of ['ENABLED', 'DISABLED'], got 'true'"),
        ({"Tags": None}, "Tags must be a list, got NoneType"),
        ({"Tags": []}, "Tags must be 1 to 50, got 0"),
        ({"Tags": ["a"]}, "Tags must be a list of a Key and a Value each, got str in it"),
        ({"Tags": [{"Key": "a"}]}, "Tags must be a list of a Key and a Value each, got dict in it"),
        ({"Tags": [*TAGS, *TAGS]}, "Tags must be as ACM takes them, got 'a'"),
        ({"Tags": [{"Key": "", "Value": ""}]}, "Tags must be as ACM takes them, got ''"),
        ({"Tags": [{"Key": str(n), "Value": ""} for n in range(51)]}, "Tags must be 1 to 50, got 51"),
        ({"Zones": {}}, "Zones must be a list, got dict"),
        ({"Zones": ["Z1"]}, "Zones must be a list of objects, got str in it"),
        ({"Zones": [{**ZONE, "HostedZoneId": "../Z1"}]}, "HostedZoneId must be as AWS writes it, got '../Z1'"),
        ({"Zones": [{**ZONE, "RoleArn": "admin"}]}, "RoleArn must be as AWS writes it, got 'admin'"),
        ({"Zones": [{**ZONE, "RoleArn": ROLE, "ExternalId": "a b"}]}, "ExternalId must be as AWS writes it, got 'a b'"),
        ({"Zones": [{**ZONE, "ExternalId": "shop"}]}, "ExternalId must be told with RoleArn, got it alone"),
        (
            {"Zones": [{**ZONE, "DomainNames": ["example.net"]}]},
            "Zones must name each of ['example.com'] once, got ['example.net']",
        ),
        ({"Zones": [ZONE, ZONE]}, "Zones must name each of ['example.com'] once, got ['example.com', 'example.com']"),
        ({"Zones": [{"HostedZoneId": "Z1"}]}, "DomainNames must be a list, got NoneType"),
    ],
    ids=lambda value: value if isinstance(value, str) else "changed",
)
def test_refuses_what_a_template_must_not_say(changed: dict[str, Any], text: str) -> None:
    assert refusal(**changed).startswith(text)
