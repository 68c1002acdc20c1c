"""What the role of the importing function may do with certificates and secrets, by an IAM engine not our own."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from ministack.core import iam_evaluator as engine

from constructs_lib.imported_certificate import ImportedCertificate
from tests.conftest import configured_app
from tests.support.synthesised import resources, template_of, written

ACCOUNT, REGION = "111122223333", "eu-central-1"
SECRET_ARN, OTHER_SECRET_ARN = (
    f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{name}-AbCdEf" for name in ("a", "b")
)
CERTIFICATES = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/"
NEW, OWN, OTHER, NATIVE, BY_HAND = (CERTIFICATES + name for name in ("*", "own", "other", "native", "by-hand"))
TAG = "cdk-key-management:certificate"
ACTIONS = (
    "AddTagsToCertificate", "DeleteCertificate", "DescribeCertificate", "ExportCertificate", "GetCertificate",
    "ImportCertificate", "ListCertificates", "ListTagsForCertificate", "RemoveTagsFromCertificate",
    "RenewCertificate", "RequestCertificate", "UpdateCertificateOptions",
)  # fmt: skip
OWN_TAG = "Shop/ShopCertificate5D810675"
NATIVE_TAG = "Own/OwnCertificateB76187E0"
SAID: Mapping[str, Mapping[str, Any]] = {
    "nothing": {},
    "the own tag": {f"aws:requesttag/{TAG}": OWN_TAG, "aws:tagkeys": [TAG]},
    "the tag of another": {f"aws:requesttag/{TAG}": "Shop/Other", "aws:tagkeys": [TAG]},
    "a tag more": {f"aws:requesttag/{TAG}": OWN_TAG, "aws:requesttag/team": "a", "aws:tagkeys": [TAG, "team"]},
}
TAGGED: Mapping[str, Mapping[str, Any]] = {
    NEW: {},
    OWN: {f"aws:resourcetag/{TAG}": OWN_TAG},
    OTHER: {f"aws:resourcetag/{TAG}": "Shop/Other"},
    NATIVE: {f"aws:resourcetag/{TAG}": NATIVE_TAG},
    BY_HAND: {},
}
FIRST = {"AddTagsToCertificate", "ImportCertificate"}
MAY = {
    ("nothing", OWN): {"DeleteCertificate", "DescribeCertificate", "GetCertificate", "ImportCertificate"},
    ("the own tag", NEW): FIRST,
    # ACM refuses tags with an import over a certificate, so that this imports over none.
    ("the own tag", OWN): {"DeleteCertificate", "DescribeCertificate", "GetCertificate", *FIRST},
    # IAM cannot tell tagging at an import from tagging later.
    ("the own tag", BY_HAND): FIRST,
    ("the tag of another", OWN): {"DeleteCertificate", "DescribeCertificate", "GetCertificate", "ImportCertificate"},
    ("a tag more", OWN): {"DeleteCertificate", "DescribeCertificate", "GetCertificate", "ImportCertificate"},
}


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory) -> list[list[Any]]:
    stack = cdk.Stack(
        configured_app(tmp_path_factory.mktemp("cdk.out")),
        "Shop",
        env=cdk.Environment(account=ACCOUNT, region=REGION),
    )
    ImportedCertificate(
        stack,
        "Certificate",
        secret=secretsmanager.Secret.from_secret_complete_arn(stack, "Secret", SECRET_ARN),
        domain_names=["shop.example.com"],
        operations_key=kms.Key(stack, "LogKey"),
    )
    template = template_of(stack)
    ((name, _),) = resources(template, "Custom::ImportedCertificate").items()
    documents = [
        written(each["Properties"]["PolicyDocument"]) for each in resources(template, "AWS::IAM::Policy").values()
    ]
    text = json.dumps(documents).replace(f"${{{name}}}", OWN)
    return [engine.parse_policy_document(each) for each in json.loads(text)]


def may(policies: list[list[Any]], action: str, resource: str, context: Mapping[str, Any]) -> bool:
    asked = engine.EvalContext(
        principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/function/session",
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region=REGION,
        secure_transport=True,
        service_context=dict(context),
    )
    return bool(engine.evaluate(asked, policies).decision == "Allow")


def test_the_role_may_exactly_this_with_certificates(
    policies: list[list[Any]], record_property: Callable[[str, object], None]
) -> None:
    found = {
        (said, arn): {each for each in ACTIONS if may(policies, f"acm:{each}", arn, {**SAID[said], **TAGGED[arn]})}
        for said in SAID
        for arn in TAGGED
    }

    assert {place: actions for place, actions in found.items() if actions} == MAY
    record_property("decisions", len(SAID) * len(TAGGED) * len(ACTIONS))


def test_the_role_reads_its_own_secret_alone(policies: list[list[Any]]) -> None:
    actions = ("DescribeSecret", "GetSecretValue", "ListSecretVersionIds", "PutSecretValue", "UpdateSecretVersionStage")
    found = {
        arn: {each for each in actions if may(policies, f"secretsmanager:{each}", arn, {})}
        for arn in (SECRET_ARN, OTHER_SECRET_ARN)
    }

    assert found == {SECRET_ARN: {"DescribeSecret", "GetSecretValue"}, OTHER_SECRET_ARN: set()}
