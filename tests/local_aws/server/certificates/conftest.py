"""Hosted zones, names of one's own and imported certificates."""

import itertools
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.made_certificates import Made, Template, made

_number = itertools.count(1)


@pytest.fixture
def acm(aws: LocalAws) -> Any:
    """Return the administrator's client."""
    return aws.session().client("acm")


@pytest.fixture
def name() -> str:
    """Choose a domain that no other test has."""
    return f"domain-{next(_number)}.example.com"


@pytest.fixture
def make_zone(aws: LocalAws) -> Callable[..., str]:
    """Make a public hosted zone and return its id."""

    def make(zone_name: str, session: Any = None) -> str:
        route53: Any = (session or aws.session()).client("route53")
        zone = route53.create_hosted_zone(Name=zone_name, CallerReference=f"zone-{next(_number)}")
        return str(zone["HostedZone"]["Id"]).rpartition("/")[2]

    return make


@pytest.fixture
def put_record(aws: LocalAws) -> Callable[..., None]:
    """Put a record set into a zone."""

    def put(zone: str, name: str, *values: str, kind: str = "CNAME", action: str = "UPSERT", by: Any = None) -> None:
        records = [{"Value": each} for each in values]
        record_set = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": records}
        changes = {"Changes": [{"Action": action, "ResourceRecordSet": record_set}]}
        (by or aws.session()).client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch=changes)

    return put


@pytest.fixture
def describe(acm: Any) -> Callable[[str], Mapping[str, Any]]:
    """Describe a certificate."""

    def described(arn: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = acm.describe_certificate(CertificateArn=arn)["Certificate"]
        return found

    return described


@pytest.fixture
def in_new_zone(
    acm: Any,
    describe: Callable[[str], Mapping[str, Any]],
    make_zone: Callable[..., str],
    put_record: Callable[..., None],
) -> Callable[..., str]:
    """Request a certificate for a label in a zone of its own, with its record in place, and return its ARN."""

    def made_there(label: str, *, caa: str = "", **settings: Any) -> str:
        domain = f"domain-{next(_number)}.example.com"
        zone = make_zone(domain)
        if caa:
            put_record(zone, domain, caa, kind="CAA")
        request = {"DomainName": f"{label}.{domain}", "ValidationMethod": "DNS", "KeyAlgorithm": "EC_prime256v1"}
        arn = str(acm.request_certificate(**request, **settings)["CertificateArn"])
        record = describe(arn)["DomainValidationOptions"][0]["ResourceRecord"]
        put_record(zone, record["Name"], record["Value"])
        return arn

    return made_there


@pytest.fixture(scope="session")
def chain() -> tuple[Made, Made]:
    """Make an authority and one below it."""
    root = made(Template.authority("Root"))
    return made(Template.authority("Intermediate"), by=root), root


@pytest.fixture
def make_leaf(chain: tuple[Made, Made]) -> Callable[..., dict[str, str]]:
    """Make what ImportCertificate takes: a certificate that is valid today, unless a test changes that."""

    def make(*names: str, **changed: Any) -> dict[str, str]:
        now = datetime.now(UTC)
        dates = {"not_before": now - timedelta(days=1), "not_after": now + timedelta(days=30)}
        leaf = made(Template.leaf(*(names or ("www.example.com",)), **{**dates, **changed}), by=chain[0])
        key = leaf.key_pem() if leaf.key is not None else ""
        return {"Certificate": leaf.pem, "PrivateKey": key, "CertificateChain": "".join(each.pem for each in chain)}

    return make
