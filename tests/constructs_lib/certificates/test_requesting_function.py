import re
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib.certificates.requesting_function import RequestingFunction
from constructs_lib.certificates.validation import DelegatedZone
from constructs_lib.certificates.validation_zones import ReadZone
from constructs_lib.certificates.wanted_certificate import Export, WantedCertificate
from constructs_lib.functions.function_settings import read_function_settings
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from tests.conftest import configured_app
from tests.support.function_roles import statements_by_handler
from tests.support.synthesised import Json, only, template_of

HANDLER = "certificate_care.request.handle"
ENVIRONMENT = cdk.Environment(account="111122223333", region="eu-central-1")


DELEGATED = ReadZone(
    zone_name="example.com",
    hosted_zone_id="Z0123456789ABCDEFGHIJ",
    identity="Z0123456789ABCDEFGHIJ",
    delegated=DelegatedZone(
        zone_name="example.com",
        hosted_zone_id="Z0123456789ABCDEFGHIJ",
        role_arn="arn:aws:iam::444455556666:role/certificates-of-shop",
    ),
    domain_names=("shop.example.com",),
)


def requesting(stack: cdk.Stack, *zones: ReadZone, construct_id: str = "Request") -> RequestingFunction:
    return RequestingFunction(
        stack,
        construct_id,
        wanted=WantedCertificate(
            domain_names=("shop.example.com",), key_algorithm=KeyAlgorithm.ECDSA_P384, export=Export.ALLOWED
        ),
        zones=zones,
        tag_value="Shop/Certificate",
        operations_key=kms.Key(stack, f"LogKeyOf{construct_id}"),
        settings=read_function_settings({"timeout": cdk.Duration.minutes(5)}),
    )


def given_name(made: RequestingFunction) -> Any:
    resource = made.role.node.default_child
    assert isinstance(resource, iam.CfnRole)
    return cdk.Stack.of(made).resolve(resource.role_name)


class Scene:
    def __init__(self, app: cdk.App) -> None:
        exported, short, long = (cdk.Stack(app, name, env=ENVIRONMENT) for name in ("Exported", "Shop", "A" * 128))
        self.exported = requesting(exported)
        staged = cdk.Stack(cdk.Stage(app, "Production", env=ENVIRONMENT), "ShopCertificates")
        elsewhere = cdk.Stack(app, "Elsewhere", env=cdk.Environment(account="111122223333", region="us-east-1"))
        nested = cdk.NestedStack(cdk.NestedStack(short, "Outer"), "Inner")
        self.named = {
            "short": requesting(short, DELEGATED),
            "beside": requesting(short, DELEGATED, construct_id="Other"),
            "long": requesting(long, DELEGATED),
            "staged": requesting(staged, DELEGATED),
            "nested": requesting(nested, DELEGATED),
            "elsewhere": requesting(elsewhere, DELEGATED),
        }
        self.template: Json = template_of(exported)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(configured_app(tmp_path_factory.mktemp("cdk.out")))


def test_what_may_leave_aws_is_requested_as_such_and_no_other_way(scene: Scene) -> None:
    (request,) = (each for each in statements_by_handler(scene.template)[HANDLER] if each["Sid"] == "Request")
    condition: dict[str, Any] = request["Condition"]
    assert condition["StringEquals"]["acm:Export"] == "ENABLED"
    assert condition["StringEquals"]["acm:KeyAlgorithm"] == "EC_secp384r1"
    assert "StringEqualsIfExists" not in condition


def test_the_role_has_a_whole_name_that_the_account_of_a_zone_can_trust_before_it_exists(scene: Scene) -> None:
    for where, made in scene.named.items():
        region = "us-east-1" if where == "elsewhere" else "eu-central-1"
        assert made.role_name == given_name(made)
        assert re.fullmatch(rf"CertificateRequest-{region}-[0-9a-f]{{12}}", made.role_name)
    assert len({made.role_name for made in scene.named.values()}) == len(scene.named)


def test_a_role_keeps_its_name_in_every_run(scene: Scene) -> None:
    again = requesting(cdk.Stack(cdk.App(context={"aws:cdk:bundling-stacks": []}), "Shop", env=ENVIRONMENT), DELEGATED)
    assert again.role_name == scene.named["short"].role_name


def test_where_no_zone_of_another_account_is_used_cloudformation_names_the_role(scene: Scene) -> None:
    assert scene.exported.role_name == ""
    assert given_name(scene.exported) is None


def test_it_is_told_its_stack_alone_and_runs_as_long_as_it_is_told(scene: Scene) -> None:
    function = only(scene.template, "AWS::Lambda::Function")["Properties"]
    assert function["Environment"] == {"Variables": {"STACK_ID": {"Ref": "AWS::StackId"}}}
    assert (function["Timeout"], scene.exported.timeout.to_seconds()) == (300, 300)
