"""Public certificates: what each way of validation makes, what its function may do, and what other stacks see."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_kms as kms
from aws_cdk import aws_route53 as route53

from constructs_lib.certificate_zone_role import CertificateZoneRole
from constructs_lib.certificates.caa_records import CaaRecords
from constructs_lib.certificates.validation import (
    DelegatedZone,
    Validation,
    dns_validation,
    outside_dns,
    unsafe_email_validation,
)
from constructs_lib.certificates.wanted_certificate import Export
from constructs_lib.errors import ConfigurationError
from constructs_lib.managed_certificate import ManagedCertificate
from constructs_lib.wiring.certificate_facts import KeyAlgorithm, Renewal, TellsCertificate
from constructs_lib.wiring.certificate_targets import Target
from tests.conftest import configured_app
from tests.support.findings import COLLECT_ONLY, add_packs, collect_findings, unacknowledged
from tests.support.function_roles import statements_by_handler
from tests.support.synthesised import Json, only, resources, template_of, written

HERE = cdk.Environment(account="111122223333", region="eu-central-1")
EDGE = cdk.Environment(account="111122223333", region="us-east-1")
ZONE_ROLE = "arn:aws:iam::444455556666:role/certificates-of-shop"
ANY_CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/*"
TAG = "cdk-key-management:certificate"
CERTIFICATE = "AWS::CertificateManager::Certificate"
REQUESTED, ISSUED = "Custom::RequestedCertificate", "Custom::IssuedCertificate"
REQUESTS, LOOKS = "certificate_care.request.handle", "certificate_care.issued.handle"
RECORD = "_" + "?" * 32
LONG_NAMES = [f"{number}.{'a' * 60}.{'b' * 60}.{'c' * 60}.com" for number in range(9)]


def delegated(name: str = "example.org") -> DelegatedZone:
    return DelegatedZone(zone_name=name, hosted_zone_id="Z0123456789ABCDEFGHIJ", role_arn=ZONE_ROLE)


def given_zone(stack: cdk.Stack, name: str = "example.com") -> route53.IHostedZone:
    return route53.HostedZone.from_hosted_zone_attributes(
        stack, f"Zone-{name}", hosted_zone_id=f"Z{name.replace('.', '').upper()}", zone_name=name
    )


def certificate(stack: cdk.Stack, validation: Validation, **told: Any) -> ManagedCertificate:
    return ManagedCertificate(
        stack, "Certificate", **{"domain_name": "shop.example.com", "validation": validation, **told}
    )


def rotating_key(stack: cdk.Stack) -> kms.Key:
    return kms.Key(stack, "LogKey", enable_key_rotation=True)


class Scene:
    """A certificate of each way of validation, the role of a zone, and a distribution that serves from elsewhere."""

    def __init__(self, outdir: Path) -> None:
        self.app = configured_app(outdir, **COLLECT_ONLY)
        names, own, far, outside, gate, mail, served = (
            cdk.Stack(self.app, name, env=HERE) for name in ("Names", "Own", "Far", "Outside", "Gate", "Mail", "Served")
        )
        edge = cdk.Stack(self.app, "Edge", env=EDGE)
        zone = route53.PublicHostedZone(names, "Zone", zone_name="example.com")
        self.own = certificate(
            own,
            dns_validation(given_zone(own), given_zone(own, "example.net")),
            alternative_names=["*.shop.example.com", "*.example.net"],
            caa=CaaRecords.AMAZON,
            export=Export.ALLOWED,
        )
        self.edge = certificate(edge, dns_validation(zone), targets=[Target.CLOUDFRONT])
        self.far = certificate(
            far,
            dns_validation(delegated(), given_zone(far)),
            alternative_names=["*.example.org", "example.org"],
            operations_key=rotating_key(far),
        )
        self.outside = certificate(
            outside,
            outside_dns(),
            alternative_names=["*.shop.example.com", "example.net"],
            operations_key=rotating_key(outside),
        )
        self.issued = self.outside.once_issued(gate, "Issued")
        cdk.CfnOutput(gate, "Arn", value=self.issued.certificate_arn)
        self.mail = certificate(
            mail,
            unsafe_email_validation(because="its DNS takes no CNAME", mailboxes_at={"shop.example.com": "example.com"}),
            key_algorithm=KeyAlgorithm.RSA_2048,
        )
        self._serve(served)
        dns = cdk.Stack(self.app, "Dns", env=cdk.Environment(account="444455556666", region="eu-central-1"))
        CertificateZoneRole(
            dns,
            "Certificates",
            hosted_zone=given_zone(dns, "example.org"),
            role_name=ZONE_ROLE.rpartition("/")[2],
            requesters=[self.far.requester],
            domain_names=["*.example.org"],
        )
        add_packs(self.app)
        self.findings = collect_findings(self.app)

    def _serve(self, stack: cdk.Stack) -> None:
        cloudfront.Distribution(
            stack,
            "Distribution",
            default_behavior=cloudfront.BehaviorOptions(origin=origins.HttpOrigin("origin.example.com")),
            domain_names=["shop.example.com"],
            certificate=self.edge,
        )

    def template(self, name: str) -> Json:
        found = self.app.node.find_child(name)
        assert isinstance(found, cdk.Stack)
        return template_of(found)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("cdk.out"))


def test_with_zones_of_the_account_cloudformation_does_everything(scene: Scene) -> None:
    template = scene.template("Own")
    assert only(template, CERTIFICATE)["Properties"] == {
        "DomainName": "shop.example.com",
        "SubjectAlternativeNames": ["*.example.net", "*.shop.example.com"],
        "KeyAlgorithm": "EC_prime256v1",
        "ValidationMethod": "DNS",
        "CertificateExport": "ENABLED",
        "DomainValidationOptions": [
            {"DomainName": "shop.example.com", "HostedZoneId": "ZEXAMPLECOM"},
            {"DomainName": "*.example.net", "HostedZoneId": "ZEXAMPLENET"},
        ],
        "Tags": [{"Key": TAG, "Value": "Own/OwnCertificateB76187E0"}],
    }
    assert not resources(template, "AWS::Lambda::Function")


def test_caa_records_stand_at_exactly_the_names_before_the_certificate_is_requested(scene: Scene) -> None:
    template = scene.template("Own")
    records = resources(template, "AWS::Route53::RecordSet")
    told = {each["Properties"]["Name"]: each["Properties"] for each in records.values()}
    assert {
        name: (each["Type"], each["HostedZoneId"], len(each["ResourceRecords"])) for name, each in told.items()
    } == {
        "shop.example.com.": ("CAA", "ZEXAMPLECOM", 8),
        "example.net.": ("CAA", "ZEXAMPLENET", 4),
    }
    assert sorted(only(template, CERTIFICATE)["DependsOn"]) == sorted(records)


def test_a_certificate_of_us_east_1_is_served_and_validated_from_another_region(scene: Scene) -> None:
    edge, served = scene.template("Edge"), scene.template("Served")
    ((logical_id, made),) = resources(edge, CERTIFICATE).items()
    (zone,) = made["Properties"]["DomainValidationOptions"]
    assert zone["HostedZoneId"]["Fn::GetStackOutput"]["Region"] == "eu-central-1"
    viewer = only(served, "AWS::CloudFront::Distribution")["Properties"]["DistributionConfig"]["ViewerCertificate"]
    told = viewer["AcmCertificateArn"]["Fn::GetStackOutput"]
    assert (told["StackName"], told["Region"]) == ("Edge", "us-east-1")
    assert edge["Outputs"][told["OutputName"]] == {"Value": {"Ref": logical_id}}
    assert {kind for each in (edge, served) for kind in kinds(each)} == {CERTIFICATE, "AWS::CloudFront::Distribution"}


def test_with_a_delegated_zone_a_function_is_told_which_names_stand_where(scene: Scene) -> None:
    template = scene.template("Far")
    assert written(only(template, REQUESTED)["Properties"]) == {
        "ServiceToken": f"${{{function_in(template)}.Arn}}",
        "ServiceTimeout": 960,
        "DomainName": "shop.example.com",
        "SubjectAlternativeNames": ["*.example.org", "example.org"],
        "KeyAlgorithm": "EC_prime256v1",
        "Export": "DISABLED",
        "Tags": [{"Key": TAG, "Value": "Far/FarCertificateCDF8A2C9"}],
        "Zones": [
            {"HostedZoneId": "Z0123456789ABCDEFGHIJ", "DomainNames": ["example.org"], "RoleArn": ZONE_ROLE},
            {"HostedZoneId": "ZEXAMPLECOM", "DomainNames": ["shop.example.com"]},
        ],
    }


def test_the_function_may_request_this_certificate_and_end_what_it_requested(scene: Scene) -> None:
    found = {each["Sid"]: each for each in statements_by_handler(scene.template("Far"))[REQUESTS]}
    own = {"Effect": "Allow", "Resource": ANY_CERTIFICATE}
    zone = {"Effect": "Allow", "Resource": "arn:${AWS::Partition}:route53:::hostedzone/ZEXAMPLECOM"}
    value = "Far/FarCertificateCDF8A2C9"
    assert found == {
        "Request": {
            "Sid": "Request",
            "Effect": "Allow",
            "Action": "acm:RequestCertificate",
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "acm:KeyAlgorithm": "EC_prime256v1",
                    "acm:ValidationMethod": "DNS",
                    f"aws:RequestTag/{TAG}": value,
                },
                "ForAllValues:StringEquals": {
                    "acm:DomainNames": ["shop.example.com", "*.example.org", "example.org"],
                    "aws:TagKeys": [TAG],
                },
                "Null": {"acm:DomainNames": "false"},
                "StringEqualsIfExists": {"acm:Export": "DISABLED"},
            },
        },
        "TagAsOwn": {
            **own,
            "Sid": "TagAsOwn",
            "Action": "acm:AddTagsToCertificate",
            "Condition": {
                "StringEquals": {f"aws:RequestTag/{TAG}": value},
                "ForAllValues:StringEquals": {"aws:TagKeys": [TAG]},
                "StringEqualsIfExists": {f"aws:ResourceTag/{TAG}": value},
            },
        },
        "LookAtAndEndOwn": {
            **own,
            "Sid": "LookAtAndEndOwn",
            "Action": ["acm:DeleteCertificate", "acm:DescribeCertificate"],
            "Condition": {"StringEquals": {f"aws:ResourceTag/{TAG}": value}},
        },
        "LookAtRecords1": {**zone, "Sid": "LookAtRecords1", "Action": "route53:ListResourceRecordSets"},
        "CreateRecords1": {
            **zone,
            "Sid": "CreateRecords1",
            "Action": "route53:ChangeResourceRecordSets",
            "Condition": {
                "ForAllValues:StringLike": {
                    "route53:ChangeResourceRecordSetsNormalizedRecordNames": [f"{RECORD}.shop.example.com"]
                },
                "ForAllValues:StringNotLike": {
                    "route53:ChangeResourceRecordSetsNormalizedRecordNames": ["_*.*.shop.example.com"]
                },
                "ForAllValues:StringEquals": {
                    "route53:ChangeResourceRecordSetsRecordTypes": ["CNAME"],
                    "route53:ChangeResourceRecordSetsActions": ["CREATE"],
                },
                "Null": {
                    "route53:ChangeResourceRecordSetsNormalizedRecordNames": "false",
                    "route53:ChangeResourceRecordSetsRecordTypes": "false",
                    "route53:ChangeResourceRecordSetsActions": "false",
                },
            },
        },
        "BecomeZoneRoles": {
            "Sid": "BecomeZoneRoles",
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Resource": ZONE_ROLE,
        },
    }


def test_a_certificate_is_deleted_before_the_permission_to_do_so(scene: Scene) -> None:
    template = scene.template("Far")
    policies = {name for name in resources(template, "AWS::IAM::Policy") if "Tracing" not in name}
    assert policies <= set(only(template, REQUESTED)["DependsOn"])


def test_for_an_outside_dns_the_stack_says_the_records_and_a_gate_waits_for_them(scene: Scene) -> None:
    outside, gate = scene.template("Outside"), scene.template("Gate")
    ((certificate_id, made),) = resources(outside, REQUESTED).items()
    assert made["Properties"]["Zones"] == []
    records = [each for each in outside["Outputs"].values() if "Description" in each]
    assert written([each["Value"] for each in records]) == [
        f"${{{certificate_id}.ValidationRecord1}}",
        f"${{{certificate_id}.ValidationRecord2}}",
    ]
    assert ["shop.example.com" in records[0]["Description"], "example.net" in records[1]["Description"]] == [True, True]
    ((gate_id, looked),) = resources(gate, ISSUED).items()
    arn = looked["Properties"]["CertificateArn"]
    assert outside["Outputs"][arn["Fn::GetStackOutput"]["OutputName"]] == {"Value": {"Ref": certificate_id}}
    assert gate["Outputs"]["Arn"] == {"Value": {"Fn::GetAtt": [gate_id, "CertificateArn"]}}
    assert statements_by_handler(gate)[LOOKS] == [
        {"Sid": "Look", "Effect": "Allow", "Action": "acm:DescribeCertificate", "Resource": arn}
    ]
    assert len(scene.outside.validation_records) == len(records)


def test_a_function_that_writes_no_records_may_not_speak_to_route_53_or_become_anybody(scene: Scene) -> None:
    found = statements_by_handler(scene.template("Outside"))[REQUESTS]
    assert {each["Sid"] for each in found} == {"Request", "TagAsOwn", "LookAtAndEndOwn"}


def test_email_is_used_only_by_name_and_its_finding_has_the_reason(scene: Scene) -> None:
    made = only(scene.template("Mail"), CERTIFICATE)["Properties"]
    assert made["ValidationMethod"] == "EMAIL"
    assert made["DomainValidationOptions"] == [{"DomainName": "shop.example.com", "ValidationDomain": "example.com"}]
    reasons = {each.reason for each in scene.findings if "CertificateByEmail" in each.rule}
    assert reasons == {"its DNS takes no CNAME"}


def test_no_pack_and_no_guardrail_finds_anything(scene: Scene) -> None:
    assert [each for each in unacknowledged(scene.findings) if not each.path.startswith("Served/")] == []


def test_what_serves_a_certificate_is_told_what_it_is(scene: Scene) -> None:
    for each in (scene.own, scene.edge, scene.far, scene.outside, scene.issued, scene.mail):
        assert isinstance(each, TellsCertificate)
    told = scene.edge.certificate_facts
    assert (told.domain_names, told.region, told.renewal) == (("shop.example.com",), "us-east-1", Renewal.BY_ACM)
    assert scene.issued.certificate_facts == scene.outside.certificate_facts
    assert scene.mail.certificate_facts.renewal is Renewal.BY_HAND


def test_the_metric_is_that_of_the_certificates_own_region(scene: Scene) -> None:
    metric = scene.edge.metric_days_to_expiry()
    assert (metric.namespace, metric.metric_name, metric.region) == (
        "AWS/CertificateManager", "DaysToExpiry", "us-east-1",
    )  # fmt: skip
    assert scene.edge.metric_days_to_expiry(statistic="Maximum").statistic == "Maximum"


def test_the_account_of_a_zone_is_told_the_role_of_the_function_as_text(scene: Scene) -> None:
    name = only(scene.template("Far"), "AWS::IAM::Role")["Properties"]["RoleName"]
    assert (scene.far.requester.account, scene.far.requester.role_name) == ("111122223333", name)
    trusted = only(scene.template("Dns"), "AWS::IAM::Role")["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
    (arn,) = written(trusted["Condition"]["ArnLike"]["aws:PrincipalArn"])
    assert arn == f"arn:${{AWS::Partition}}:iam::111122223333:role/{name}"


def logical_id(**told: Any) -> str:
    stack = cdk.Stack(cdk.App(), "Shop", env=HERE)
    made = certificate(stack, told.pop("validation", None) or dns_validation(given_zone(stack)), **told)
    found: str = stack.resolve(made.certificate_arn)["Ref"]
    return found


def test_another_certificate_has_another_logical_id_so_that_what_serves_it_is_deployed_again() -> None:
    first = logical_id()
    others = [
        logical_id(alternative_names=["a.example.com"]),
        logical_id(domain_name="a.example.com"),
        logical_id(key_algorithm=KeyAlgorithm.RSA_2048),
        logical_id(export=Export.ALLOWED),
        logical_id(validation=unsafe_email_validation(because="no DNS")),
    ]
    assert len({first, *others}) == 1 + len(others)
    assert first == logical_id(targets=[Target.HTTP_API], caa=CaaRecords.AMAZON)


def test_every_construct_of_the_cdk_takes_it() -> None:
    stack = cdk.Stack(cdk.App(), "Shop", env=HERE)
    made: acm.ICertificate = certificate(stack, dns_validation(given_zone(stack)))
    assert stack.resolve(made.certificate_ref.certificate_arn) == stack.resolve(made.certificate_arn)
    assert made.env.region == "eu-central-1"


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"domain_name": "shop.example.net"}, r"zones must contain each domain name, got shop\.example\.net in"),
        ({"targets": [Target.CLOUDFRONT]}, "scope must be in us-east-1, whose certificates a CloudFront distribution"),
        ({"key_algorithm": KeyAlgorithm.RSA_4096}, "key_algorithm must be one that ACM issues"),
        ({"alternative_names": ["shop.example.com"]}, "alternative_names must name each domain name once"),
        ({"alternative_names": [f"{n}.example.com" for n in range(10)]}, "alternative_names must be at most 9"),
        ({"export": True}, r"export must be one of Export\.NEVER, Export\.ALLOWED, got True"),
        ({"caa": True}, r"caa must be one of CaaRecords\.NONE, CaaRecords\.AMAZON, got True"),
        ({"validation": "DNS"}, r"validation must be dns_validation\(...\), outside_dns\(\) or"),
        ({"validation": outside_dns()}, r"operations_key must be a key .* which outside_dns\(\) needs, got None"),
        ({"validation": dns_validation(delegated("example.com"))}, "which the delegated zone example.com needs"),
        ({"timeout": cdk.Duration.minutes(5)}, "timeout must be left out where CloudFormation requests"),
        (
            {"validation": dns_validation(delegated("example.com")), "caa": CaaRecords.AMAZON},
            "caa must be CaaRecords.NONE where .* got CaaRecords.AMAZON with example.com: have issue",
        ),
        ({"validation": outside_dns(), "caa": CaaRecords.AMAZON}, "got CaaRecords.AMAZON with no zone"),
        (
            {"validation": unsafe_email_validation(because="no DNS", mailboxes_at={"a.example.com": "example.com"})},
            r"mailboxes_at must be by names of the certificate, shop\.example\.com, got a\.example\.com",
        ),
        (
            {"validation": outside_dns(), "alternative_names": LONG_NAMES},
            "alternative_names must be so few and short that the stack can tell their validation records",
        ),
    ],
    ids=[
        "zone", "region", "algorithm", "twice", "many", "export", "caa", "validation", "no key outside", "no key far",
        "settings", "caa far", "caa outside", "mailbox", "answer",
    ],
)  # fmt: skip
def test_refuses_by_the_name_of_the_argument(told: dict[str, Any], why: str) -> None:
    stack = cdk.Stack(cdk.App(), "Shop", env=HERE)
    with pytest.raises(ConfigurationError, match=f"^.*{why}"):
        certificate(stack, **{"validation": dns_validation(given_zone(stack)), **told})


def test_refuses_a_key_that_no_function_needs() -> None:
    stack = cdk.Stack(cdk.App(), "Shop", env=HERE)
    key = kms.Key(stack, "Key")
    with pytest.raises(ConfigurationError, match=r"^operations_key must be left out .*, got a Key Shop/Key$"):
        certificate(stack, dns_validation(given_zone(stack)), operations_key=key)


def test_refuses_a_gate_where_nothing_waits_and_one_in_another_region(scene: Scene) -> None:
    with pytest.raises(ConfigurationError, match=r"validation must be outside_dns\(\) .* use it as it is$"):
        scene.own.once_issued(cdk.Stack(cdk.App(), "Gate", env=HERE), "Issued")
    with pytest.raises(
        ConfigurationError, match=r"^scope .* Region of .*, eu-central-1, got us-east-1: put .* eu-central-1"
    ):
        scene.outside.once_issued(cdk.Stack(cdk.App(), "Gate", env=EDGE), "Issued")


def test_refuses_to_tell_a_requester_where_there_is_none_or_its_account_or_region_is_unknown(scene: Scene) -> None:
    with pytest.raises(ConfigurationError, match=r"^validation must be dns_validation\(...\) with a DelegatedZone"):
        _ = scene.outside.requester
    for environment in (None, cdk.Environment(account="111122223333"), cdk.Environment(region="eu-central-1")):
        stack = cdk.Stack(cdk.App(context={"aws:cdk:bundling-stacks": []}), "Anywhere", env=environment)
        made = certificate(stack, dns_validation(delegated("example.com")), operations_key=kms.Key(stack, "Key"))
        with pytest.raises(ConfigurationError, match=r"^scope must be in a stack whose account and Region are known"):
            _ = made.requester


def kinds(template: Json) -> set[str]:
    return {each["Type"] for each in template["Resources"].values() if each["Type"] != "AWS::CDK::Metadata"}


def function_in(template: Json) -> str:
    ((name, _),) = resources(template, "AWS::Lambda::Function").items()
    return name
