"""Certificates that a function imports: what it may do, when it is invoked, and what other stacks see of them."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.errors import ConfigurationError
from constructs_lib.imported_certificate import ImportedCertificate
from constructs_lib.managed_secret import ManagedSecret
from constructs_lib.secrets.supplied import Supplied
from constructs_lib.wiring.certificate_facts import KeyAlgorithm, Renewal, TellsCertificate
from constructs_lib.wiring.certificate_targets import Target
from tests.conftest import configured_app
from tests.support.findings import COLLECT_ONLY, add_packs, collect_findings, unacknowledged
from tests.support.function_roles import statements_by_handler, variables_by_handler
from tests.support.synthesised import Json, only, resources, template_of, written
from tests.support.told_events import as_event, matches

HANDLER = "certificate_care.importing.handle"
ENVIRONMENT = cdk.Environment(account="111122223333", region="eu-central-1")
SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop-AbCdEf"
OTHER_ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:other-AbCdEf"
ANCHOR = "-----BEGIN CERTIFICATE-----\nMAMCAQc=\n-----END CERTIFICATE-----\n"
ANY_CERTIFICATE = "arn:aws:acm:eu-central-1:111122223333:certificate/*"
TAG = "cdk-key-management:certificate"


def imported(stack: cdk.Stack, arn: str = SECRET_ARN) -> secretsmanager.ISecret:
    return secretsmanager.Secret.from_secret_complete_arn(stack, "There", arn)


def certificate(stack: cdk.Stack, **told: Any) -> ImportedCertificate:
    usual = {"domain_names": ["shop.example.com"], "operations_key": kms.Key(stack, "LogKey")}
    return ImportedCertificate(stack, "Certificate", **{**usual, **told})


class Scene:
    """A certificate beside its secret, one of a secret of another stack, one of an imported secret; and who serves."""

    def __init__(self, outdir: Path) -> None:
        self.app = configured_app(outdir, **COLLECT_ONLY)
        own, there, alone = (cdk.Stack(self.app, name, env=ENVIRONMENT) for name in ("Own", "There", "Alone"))
        key = EncryptionKey(own, "Key", alias="shop", services=["secretsmanager"])
        secret = ManagedSecret(own, "Secret", encryption_key=key, content=Supplied.certificate())
        self.own = certificate(own, secret=secret)
        self.there = certificate(there, secret=secret)
        self.alone = certificate(
            alone,
            secret=imported(alone),
            domain_names=["shop.example.com", "*.shop.example.com"],
            targets=[Target.NETWORK_LOAD_BALANCER],
            trust_anchors=[ANCHOR],
            least_days_left=cdk.Duration.days(30),
            timeout=cdk.Duration.seconds(90),
        )
        self.certificates = {"Own": self.own, "There": self.there, "Alone": self.alone}
        serving = cdk.Stack(self.app, "Serving", env=ENVIRONMENT)
        balancer = elbv2.ApplicationLoadBalancer.from_application_load_balancer_attributes(
            serving,
            "Balancer",
            load_balancer_arn="arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/shop/1",
            security_group_id="sg-1",
        )
        balancer.add_listener(
            "Listener",
            port=443,
            certificates=[self.own],
            default_action=elbv2.ListenerAction.fixed_response(200),
        )
        add_packs(self.app)
        self.findings = collect_findings(self.app)

    def template(self, name: str) -> Json:
        found: Json = json.loads(Path(self.app.outdir, f"{name}.template.json").read_text())
        return found


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("cdk.out"))


def custom(template: Json) -> tuple[str, Json]:
    ((name, resource),) = resources(template, "Custom::ImportedCertificate").items()
    return name, resource


def test_the_function_reads_one_secret_imports_its_own_certificate_and_does_nothing_else(scene: Scene) -> None:
    template = scene.template("Alone")
    name, resource = custom(template)
    (tag,) = resource["Properties"]["Tags"]

    (statements,) = statements_by_handler(template).values()

    assert tag == {"Key": TAG, "Value": "Alone/AloneCertificate52413A63"}
    by_sid = {each.pop("Sid", ""): each for each in statements}
    assert by_sid == {
        "": {
            "Action": ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
            "Effect": "Allow",
            "Resource": SECRET_ARN,
        },
        "ImportNew": {
            "Action": ["acm:AddTagsToCertificate", "acm:ImportCertificate"],
            "Condition": {
                "ForAllValues:StringEquals": {"aws:TagKeys": [TAG]},
                "StringEquals": {f"aws:RequestTag/{TAG}": tag["Value"]},
                "StringEqualsIfExists": {f"aws:ResourceTag/{TAG}": tag["Value"]},
            },
            "Effect": "Allow",
            "Resource": ANY_CERTIFICATE,
        },
        "EndOwn": {
            "Action": ["acm:DeleteCertificate", "acm:DescribeCertificate"],
            "Condition": {"StringEquals": {f"aws:ResourceTag/{TAG}": tag["Value"]}},
            "Effect": "Allow",
            "Resource": ANY_CERTIFICATE,
        },
        "ImportAgain": {
            "Action": ["acm:GetCertificate", "acm:ImportCertificate"],
            "Effect": "Allow",
            "Resource": f"${{{name}}}",
        },
    }


def test_certificates_of_one_app_have_tags_of_their_own(scene: Scene) -> None:
    tags = [custom(scene.template(name))[1]["Properties"]["Tags"][0]["Value"] for name in ("Own", "There", "Alone")]

    assert len(set(tags)) == len(tags)


def test_the_function_is_told_what_to_demand_and_cloudformation_when_that_changes(scene: Scene) -> None:
    template = scene.template("Alone")
    _, resource = custom(template)
    told = {
        "SECRET_ARN": SECRET_ARN,
        "DOMAIN_NAMES": "shop.example.com,*.shop.example.com",
        "KEY_ALGORITHMS": "RSA_2048,RSA_3072,EC_prime256v1,EC_secp384r1,EC_secp521r1",
        "LEAST_DAYS_LEFT": "30",
        "TRUST_ANCHORS": "trust_anchors.pem",
    }

    assert variables_by_handler(template) == {HANDLER: {**told, "STACK_ID": "${AWS::StackId}"}}
    assert {**resource["Properties"]["Checks"], "TRUST_ANCHORS": "trust_anchors.pem"} == told


def test_cloudformation_waits_longer_than_the_function_works(scene: Scene) -> None:
    waits = {
        name: (
            only(scene.template(name), "AWS::Lambda::Function")["Properties"]["Timeout"],
            custom(scene.template(name))[1]["Properties"]["ServiceTimeout"],
        )
        for name in ("Own", "Alone")
    }

    assert waits == {"Own": (180, 240), "Alone": (90, 150)}


def test_nothing_is_imported_before_the_role_may_read_and_import(scene: Scene) -> None:
    template = scene.template("Own")
    _, resource = custom(template)
    needed = {
        name
        for kind in ("AWS::IAM::Policy", "AWS::SecretsManager::ResourcePolicy")
        for name in resources(template, kind)
        if "FurtherImports" not in name and "Tracing" not in name
    }

    assert len(needed) == 3
    assert needed <= set(resource["DependsOn"])


def test_only_what_is_allowed_to_import_again_is_asked_to(scene: Scene) -> None:
    template = scene.template("Own")
    (policy,) = (name for name in resources(template, "AWS::IAM::Policy") if "FurtherImports" in name)

    for rule in resources(template, "AWS::Events::Rule").values():
        assert rule["DependsOn"] == [policy]


@pytest.mark.parametrize(
    ("event", "is_seen"),
    [
        ({"eventName": "PutSecretValue", "responseElements": {"arn": SECRET_ARN}}, True),
        ({"eventName": "UpdateSecret", "responseElements": {"aRN": SECRET_ARN}}, True),
        ({"eventName": "UpdateSecretVersionStage", "responseElements": {"arn": SECRET_ARN}}, True),
        ({"eventName": "PutSecretValue", "requestParameters": {"secretId": "shop"}}, True),
        ({"eventName": "PutSecretValue", "responseElements": {"arn": OTHER_ARN}}, False),
        ({"eventName": "PutSecretValue", "requestParameters": {"secretId": "other"}}, False),
        ({"eventName": "GetSecretValue", "requestParameters": {"secretId": SECRET_ARN}}, False),
        (
            {"eventName": "PutSecretValue", "requestParameters": {"secretId": "shop"}, "errorCode": "AccessDenied"},
            False,
        ),
    ],
    ids=["put", "updated", "moved", "name", "other", "other name", "read", "refused"],
)
def test_a_call_that_changes_this_secret_has_it_imported(scene: Scene, event: Json, *, is_seen: bool) -> None:
    rules = [each["Properties"] for each in resources(scene.template("Alone"), "AWS::Events::Rule").values()]
    (pattern,) = (each["EventPattern"] for each in rules if "EventPattern" in each)
    record = {
        "eventSource": "secretsmanager.amazonaws.com",
        "eventTime": "2026-11-22T12:00:00Z",
        "awsRegion": "eu-central-1",
        "recipientAccountId": "111122223333",
        **event,
    }

    assert matches(pattern, as_event(record)) is is_seen


def test_it_is_imported_twice_a_day_whatever_the_trail_records(scene: Scene) -> None:
    template = scene.template("Alone")
    name, _ = custom(template)
    rules = [each["Properties"] for each in resources(template, "AWS::Events::Rule").values()]

    assert [each["ScheduleExpression"] for each in rules if "ScheduleExpression" in each] == ["rate(12 hours)"]
    inputs = [written(target["Input"]) for rule in rules for target in rule["Targets"]]
    assert inputs == [f'{{"certificate_arn":"${{{name}}}"}}'] * 2
    permissions = resources(template, "AWS::Lambda::Permission").values()
    assert {written(each["Properties"]["SourceArn"]) for each in permissions} == {
        f"${{{rule}.Arn}}" for rule in resources(template, "AWS::Events::Rule")
    }
    assert {each["Properties"]["Principal"] for each in permissions} == {"events.amazonaws.com"}


def test_a_secret_of_another_stack_names_the_role_and_the_role_the_secret(scene: Scene) -> None:
    template = scene.template("There")
    (statements,) = statements_by_handler(template).values()
    reading = [each for each in statements if "secretsmanager" in json.dumps(each["Action"])]
    role = only(template, "AWS::IAM::Role")["Properties"]["RoleName"]

    policy = only(scene.template("Own"), "AWS::SecretsManager::ResourcePolicy")["Properties"]["ResourcePolicy"]

    assert any("secretsmanager:GetSecretValue" in each["Action"] for each in reading)
    assert role.startswith("CertificateCareRole-eu-central-1-")
    assert role in json.dumps(policy)


def test_whoever_serves_it_in_another_stack_refers_to_it_weakly(scene: Scene) -> None:
    listener = only(scene.template("Serving"), "AWS::ElasticLoadBalancingV2::Listener")

    (served,) = listener["Properties"]["Certificates"]

    assert set(served["CertificateArn"]) == {"Fn::GetStackOutput"}
    outputs = scene.template("Own")["Outputs"]
    name = served["CertificateArn"]["Fn::GetStackOutput"]["OutputName"]
    assert outputs[name] == {"Value": {"Ref": custom(scene.template("Own"))[0]}}


def test_it_says_what_it_is(scene: Scene) -> None:
    own, alone = scene.own.certificate_facts, scene.alone.certificate_facts

    assert isinstance(scene.own, TellsCertificate)
    assert (own.domain_names, own.key_algorithm, own.renewal) == (("shop.example.com",), None, Renewal.FROM_SECRET)
    assert (own.region, own.importer) == ("eu-central-1", scene.own.function)
    assert alone.domain_names == ("shop.example.com", "*.shop.example.com")


def test_it_is_a_certificate_to_the_cdk(scene: Scene) -> None:
    metric = scene.own.metric_days_to_expiry(period=cdk.Duration.hours(12))

    assert (metric.namespace, metric.metric_name, metric.period.to_hours()) == (
        "AWS/CertificateManager",
        "DaysToExpiry",
        12,
    )
    assert scene.own.metric_days_to_expiry().statistic == "Minimum"
    assert scene.own.certificate_ref.certificate_arn == scene.own.certificate_arn
    taken: list[acm.ICertificate] = [scene.own]
    assert taken[0].env.region == "eu-central-1"


def test_what_a_single_algorithm_remains_of_is_known(tmp_path: Path) -> None:
    stack = cdk.Stack(configured_app(tmp_path), "Own", env=cdk.Environment(account="111122223333", region="us-east-1"))
    made = certificate(
        stack,
        secret=imported(stack, SECRET_ARN.replace("eu-central-1", "us-east-1")),
        targets=[Target.EDGE_OPTIMIZED_API, Target.CLOUDFRONT],
    )

    assert made.certificate_facts.key_algorithm is None
    assert made.certificate_facts.region == "us-east-1"
    algorithms = variables_by_handler(template_of(stack))[HANDLER]["KEY_ALGORITHMS"].split(",")
    assert algorithms == [KeyAlgorithm.RSA_2048.value, KeyAlgorithm.ECDSA_P256.value]


def test_trust_anchors_are_in_the_asset(scene: Scene) -> None:
    keys = {
        only(scene.template(name), "AWS::Lambda::Function")["Properties"]["Code"]["S3Key"]
        for name in ("Own", "There", "Alone")
    }

    assert len(keys) == 2


def test_no_pack_finds_anything_that_is_not_answered(scene: Scene) -> None:
    of_certificates = [each for each in scene.findings if "/Certificate/" in each.path]

    assert unacknowledged(of_certificates) == []
    assert {each.path.partition("/")[0] for each in of_certificates} == {"Own", "There", "Alone"}


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"secret": "shop"}, "secret must come from ManagedSecret(...), secretsmanager.Secret(...) or"),
        ({"domain_names": "shop.example.com"}, "domain_names must"),
        ({"targets": [Target.CLOUDFRONT]}, "scope must be in us-east-1, whose certificates a CloudFront distribution"),
        ({"operations_key": None}, "operations_key must be a key, such as EncryptionKey(...) or"),
        ({"least_days_left": cdk.Duration.hours(1)}, "least_days_left must be a Duration of 1 to 365 whole days"),
        ({"trust_anchors": ["root"]}, "trust_anchors[0] must be one certificate in PEM"),
        ({"colour": "blue"}, "settings must be of architecture"),
    ],
    ids=["secret", "names", "region", "key", "days", "anchors", "settings"],
)
def test_refuses_what_it_cannot_import(told: dict[str, Any], message: str, tmp_path: Path) -> None:
    stack = cdk.Stack(configured_app(tmp_path), "Own", env=ENVIRONMENT)

    with pytest.raises(ConfigurationError) as refused:
        certificate(stack, **{"secret": imported(stack), **told})

    assert str(refused.value).startswith(message)
    assert stack.node.try_find_child("Certificate") is None


@pytest.mark.parametrize(
    ("arn", "message"),
    [
        (
            SECRET_ARN.replace("eu-central-1", "eu-west-1"),
            "secret must be of Region eu-central-1, whose events the rules see",
        ),
        (SECRET_ARN.replace("111122223333", "444455556666"), "secret must be of account 111122223333, whose events"),
    ],
    ids=["region", "account"],
)
def test_refuses_a_secret_of_elsewhere(arn: str, message: str, tmp_path: Path) -> None:
    stack = cdk.Stack(configured_app(tmp_path), "Own", env=ENVIRONMENT)

    with pytest.raises(ConfigurationError) as refused:
        certificate(stack, secret=imported(stack, arn))

    assert str(refused.value).startswith(message)


def test_refuses_a_secret_of_which_events_cannot_be_told(tmp_path: Path) -> None:
    stack = cdk.Stack(configured_app(tmp_path), "Own", env=ENVIRONMENT)

    with pytest.raises(ConfigurationError, match=r"^secret must be known by the full ARN, by which events name"):
        certificate(stack, secret=secretsmanager.Secret.from_secret_name_v2(stack, "Named", "shop"))
