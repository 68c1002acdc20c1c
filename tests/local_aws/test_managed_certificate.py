"""Public certificates deployed: in zones of the account, of another one, and outside; served from another Region."""

from collections.abc import Iterator

import pytest

from local_aws import LocalAws
from tests.support.requested_app import EDGE, FAR, HERE, OUTSIDE, SHOP
from tests.support.requested_scene import RequestedScene, is_refused
from tests.support.session_assets import SessionAssets

pytestmark = pytest.mark.deploy

HEX = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, session_assets: SessionAssets) -> Iterator[RequestedScene]:
    with LocalAws(region=HERE) as aws:
        yield RequestedScene(aws, tmp_path_factory.mktemp("requested"), session_assets)


def test_a_certificate_of_us_east_1_is_validated_in_a_zone_and_served_by_a_distribution_of_another_region(
    scene: RequestedScene,
) -> None:
    found = scene.certificate("Edge", region=EDGE)
    assert (found["Status"], found["KeyAlgorithm"], found["DomainName"]) == ("ISSUED", "EC_prime256v1", SHOP)
    assert sorted(found["SubjectAlternativeNames"]) == [f"*.{SHOP}", SHOP]
    assert len(found["InUseBy"]) == 1
    assert ":distribution/" in found["InUseBy"][0]


def test_caa_records_stand_before_it(scene: RequestedScene) -> None:
    zone = scene.outputs("Names")
    (zone_id,) = {value for value in zone.values() if value.startswith("Z")}
    ((name, values),) = scene.records(zone_id, "CAA", of_the_other_account=False).items()
    assert (name, len(values), values[0]) == (f"{SHOP}.", 8, '0 issue "amazon.com"')


def test_a_zone_of_another_account_gets_the_record_and_the_certificate_is_issued(scene: RequestedScene) -> None:
    found = scene.certificate("Far")
    (option,) = found["DomainValidationOptions"]
    record = option["ResourceRecord"]
    assert (found["Status"], found["DomainName"]) == ("ISSUED", FAR)
    records = scene.records(scene.dns.hosted_zone_id, "CNAME", of_the_other_account=True)
    assert records == {record["Name"]: [record["Value"]]}


def test_the_role_of_the_zone_creates_validation_records_of_its_name_and_nothing_else(scene: RequestedScene) -> None:
    route53 = scene.in_zone_role(scene.as_function("Far"))
    right = ("CREATE", f"_{HEX}.{FAR}", "CNAME")
    wrong = [
        ("UPSERT", f"_{HEX}.{FAR}", "CNAME"),
        ("DELETE", f"_{HEX}.{FAR}", "CNAME"),
        ("CREATE", f"_{HEX}.other.example.org", "CNAME"),
        ("CREATE", f"_acme-challenge.{FAR}", "CNAME"),
        ("CREATE", f"_acme-challenge.{HEX[:17]}.{FAR}", "CNAME"),
        ("CREATE", FAR, "CNAME"),
        ("CREATE", f"_{HEX}.{FAR}", "TXT"),
    ]

    def refused(action: str, name: str, kind: str) -> bool:
        value = '"text"' if kind == "TXT" else "value.example.com."
        change = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}
        batch = {"Changes": [{"Action": action, "ResourceRecordSet": change}]}
        return is_refused(route53.change_resource_record_sets, HostedZoneId=scene.dns.hosted_zone_id, ChangeBatch=batch)

    assert [refused(*each) for each in wrong] == [True] * len(wrong)
    assert not refused(*right)


def test_the_function_may_request_nothing_else_and_end_nothing_of_others(scene: RequestedScene) -> None:
    acm = scene.as_function("Far").client("acm")
    outside = scene.outputs("Outside")["CertificateArn"]
    own = scene.outputs("Far")["CertificateArn"]
    tags = scene.aws.session().client("acm").list_tags_for_certificate(CertificateArn=own)["Tags"]
    told = {"DomainName": FAR, "ValidationMethod": "DNS", "KeyAlgorithm": "EC_prime256v1", "Tags": tags}
    wrong = [
        {**told, "DomainName": SHOP},
        {**told, "SubjectAlternativeNames": [SHOP]},
        {**told, "ValidationMethod": "EMAIL"},
        {**told, "KeyAlgorithm": "RSA_2048"},
        {**told, "Tags": [{"Key": tags[0]["Key"], "Value": "other"}]},
        {**told, "Options": {"Export": "ENABLED"}},
    ]

    assert [is_refused(acm.request_certificate, **each) for each in wrong] == [True] * len(wrong)
    assert is_refused(acm.describe_certificate, CertificateArn=outside)
    assert is_refused(acm.delete_certificate, CertificateArn=outside)
    assert not is_refused(acm.describe_certificate, CertificateArn=own)


def test_the_gate_stays_shut_until_the_records_of_the_output_stand_outside(scene: RequestedScene) -> None:
    outputs = scene.outputs("Outside")
    failure = " ".join(scene.shut.failures)
    assert scene.shut.status == "CREATE_FAILED"
    assert OUTSIDE in failure
    assert outputs["Record1"].split()[0].rstrip(".") in failure

    scene.put_outside(outputs["Record1"])
    outcome = scene.deploy_gate_again()

    assert (outcome.status, outcome.failures) == ("CREATE_COMPLETE", ()), scene.aws.log
    assert outcome.outputs["CertificateArn"] == outputs["CertificateArn"]
    assert scene.certificate("Outside")["Status"] == "ISSUED"


def test_a_certificate_goes_with_its_stack_and_its_record_stays(scene: RequestedScene) -> None:
    arn = scene.outputs("Far")["CertificateArn"]
    outcome = scene.stacks.delete("Far")

    assert (outcome.status, outcome.failures) == ("DELETE_COMPLETE", ()), scene.aws.log
    left = (
        scene.aws
        .session()
        .client("acm", region_name=HERE)
        .list_certificates(Includes={"keyTypes": ["EC_prime256v1"]})["CertificateSummaryList"]
    )
    assert arn not in {each["CertificateArn"] for each in left}
    names = scene.records(scene.dns.hosted_zone_id, "CNAME", of_the_other_account=True)
    assert any(name.endswith(f".{FAR}.") for name in names)
