import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local_aws import LocalAws
from tests.support.stack_operation import StackOperation

pytestmark = pytest.mark.deploy

TYPE = "AWS::CertificateManager::Certificate"
Stacks = Callable[..., StackOperation]


def zone(domain: str) -> dict[str, Any]:
    """Return a hosted zone of a template."""
    return {"Type": "AWS::Route53::HostedZone", "Properties": {"Name": domain}}


def in_zone(*names: str, **changed: Any) -> dict[str, Any]:
    """Return a certificate of a template, validated in its zone."""
    options = [{"DomainName": each, "HostedZoneId": {"Ref": "Zone"}} for each in names if not each.startswith("*")]
    settings = {
        "DomainName": names[0], "SubjectAlternativeNames": list(names[1:]), "KeyAlgorithm": "EC_prime256v1",
        "ValidationMethod": "DNS", "DomainValidationOptions": options, **changed,
    }  # fmt: skip
    return {"Type": TYPE, "Properties": settings}


def described(aws: LocalAws, arn: str) -> Mapping[str, Any]:
    """Describe a certificate."""
    acm: Any = aws.session().client("acm")
    found: Mapping[str, Any] = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    return found


def test_a_certificate_is_validated_in_its_zone_and_replaced_by_another_key_algorithm(
    aws: LocalAws, make_stacks: Stacks
) -> None:
    domain, arn = "one.example.net", {"Arn": {"Ref": "Certificate"}}
    names, tags = [f"www.{domain}", f"*.www.{domain}"], [{"Key": "Team", "Value": "web"}]
    operation = make_stacks()

    created = operation.create({"Zone": zone(domain), "Certificate": in_zone(*names, Tags=tags)}, arn)
    first = described(aws, created.outputs["Arn"])
    acm: Any = aws.session().client("acm")
    first_tags = acm.list_tags_for_certificate(CertificateArn=created.outputs["Arn"])["Tags"]
    kept = operation.update(created.name, {"Zone": zone(domain), "Certificate": in_zone(*names)}, arn)
    kept_tags = acm.list_tags_for_certificate(CertificateArn=created.outputs["Arn"])["Tags"]
    changed = in_zone(*names, KeyAlgorithm="RSA_2048", CertificateExport="ENABLED")
    replaced = operation.update(created.name, {"Zone": zone(domain), "Certificate": changed}, arn)

    assert created.failures == kept.failures == replaced.failures == ()
    assert (first["Status"], first["SubjectAlternativeNames"], first["KeyAlgorithm"]) == (
        "ISSUED", names, "EC_prime256v1",
    )  # fmt: skip
    assert {each["Key"] for each in first_tags} - {each["Key"] for each in kept_tags} == {"Team"}
    assert "aws:cloudformation:logical-id" in {each["Key"] for each in kept_tags}
    assert kept.outputs == created.outputs != replaced.outputs
    second = described(aws, replaced.outputs["Arn"])
    assert (second["KeyAlgorithm"], second["Options"]["Export"]) == ("RSA_2048", "ENABLED")
    with pytest.raises(acm.exceptions.ResourceNotFoundException):
        described(aws, created.outputs["Arn"])
    gone = operation.delete(created.name)
    assert (gone.status, len(gone.failures)) == ("DELETE_FAILED", 1)
    assert "Zone: Resource handler returned message" in gone.failures[0]


def test_a_stack_waits_for_a_record_that_somebody_else_writes_and_says_which(
    aws: LocalAws, make_stacks: Stacks
) -> None:
    domain, session = "elsewhere.example.net", aws.session()
    cloudformation, route53 = session.client("cloudformation"), session.client("route53")
    hosted = route53.create_hosted_zone(Name=domain, CallerReference=domain)["HostedZone"]["Id"]
    resources = {"Certificate": in_zone(domain, DomainValidationOptions=[])}

    with ThreadPoolExecutor(1) as pool:
        creating = pool.submit(make_stacks().create, resources, name="Waiting")
        reasons: list[str] = []
        while not reasons:
            time.sleep(0.01)
            if creating.done():
                break
            try:
                events = cloudformation.describe_stack_events(StackName="Waiting")["StackEvents"]
            except cloudformation.exceptions.ClientError:
                continue
            reasons = [
                each["ResourceStatusReason"] for each in events if "DNS Record" in each.get("ResourceStatusReason", "")
            ]
        fields = dict(each.split(": ", 1) for each in reasons[0].partition("{")[2].rstrip("}").split(","))
        values = [{"Value": fields["Value"]}]
        record = {"Name": fields["Name"], "Type": "CNAME", "TTL": 60, "ResourceRecords": values}
        route53.change_resource_record_sets(
            HostedZoneId=hosted, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
        )
        outcome = creating.result()

    assert outcome.status == "CREATE_COMPLETE"


def test_refuses_a_zone_that_does_not_hold_the_name_and_leaves_no_certificate(
    aws: LocalAws, make_stacks: Stacks
) -> None:
    domain = "two.example.net"
    wrong = {"Zone": zone("three.example.net"), "Certificate": in_zone(domain)}

    outcome = make_stacks().create(wrong)

    assert outcome.status == "ROLLBACK_COMPLETE"
    assert "is not permitted in zone three.example.net." in outcome.failures[0]
    acm: Any = aws.session().client("acm")
    listed = acm.list_certificates(Includes={"keyTypes": ["EC_prime256v1"]})["CertificateSummaryList"]
    assert domain not in {each["DomainName"] for each in listed}


@pytest.mark.parametrize(
    "missing", ["acm:RequestCertificate", "acm:DescribeCertificate", "route53:ChangeResourceRecordSets"]
)
def test_refuses_a_deployer_without_the_permission(make_stacks: Stacks, missing: str) -> None:
    actions = [
        "acm:RequestCertificate", "acm:DescribeCertificate", "acm:AddTagsToCertificate", "acm:DeleteCertificate",
        "acm:ListTagsForCertificate", "acm:RemoveTagsFromCertificate", "route53:ChangeResourceRecordSets",
        "route53:CreateHostedZone", "route53:GetHostedZone", "route53:DeleteHostedZone", "route53:GetChange",
        "route53:ListTagsForResource", "route53:ChangeTagsForResource", "route53:ListQueryLoggingConfigs",
    ]  # fmt: skip
    allowed = {"Effect": "Allow", "Action": [each for each in actions if each != missing], "Resource": "*"}
    domain = "four.example.net"

    outcome = make_stacks(allowed).create({"Zone": zone(domain), "Certificate": in_zone(domain)})

    assert outcome.status.startswith("ROLLBACK")
    assert f"not authorized to perform: {missing}" in outcome.failures[-1]


def test_what_the_deployer_may_request_is_narrowed_by_acms_keys(make_stacks: Stacks) -> None:
    keys = {"acm:KeyAlgorithm": "EC_prime256v1", "acm:ValidationMethod": "DNS", "aws:RequestTag/Team": "web"}
    others = {"Effect": "Allow", "NotAction": "acm:RequestCertificate", "Resource": "*"}
    one = {"Effect": "Allow", "Action": "acm:RequestCertificate", "Resource": "*", "Condition": {"StringEquals": keys}}
    domain, operation = "five.example.net", make_stacks(others, one)

    outcomes = [
        operation.create({"Zone": zone(domain), "Certificate": in_zone(domain, **settings)})
        for settings in (
            {"Tags": [{"Key": "Team", "Value": "web"}]},
            {"Tags": [{"Key": "Team", "Value": "web"}], "KeyAlgorithm": "RSA_2048"},
            {},
        )
    ]

    assert [each.status for each in outcomes] == ["CREATE_COMPLETE", "ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE"]
    assert all("acm:RequestCertificate" in each.failures[0] for each in outcomes[1:])
