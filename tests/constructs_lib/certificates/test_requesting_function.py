from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms

from constructs_lib.certificates.requesting_function import RequestingFunction
from constructs_lib.certificates.wanted_certificate import Export, WantedCertificate
from constructs_lib.functions.function_settings import read_function_settings
from constructs_lib.wiring.certificate_facts import KeyAlgorithm
from tests.conftest import configured_app
from tests.support.function_roles import statements_by_handler
from tests.support.synthesised import Json, only, resources, template_of

HANDLER = "certificate_care.request.handle"
ENVIRONMENT = cdk.Environment(account="111122223333", region="eu-central-1")


class Scene:
    def __init__(self, app: cdk.App) -> None:
        self.stacks = [cdk.Stack(app, name, env=ENVIRONMENT) for name in ("Exported", "A" * 60)]
        settings = read_function_settings({"timeout": cdk.Duration.minutes(5)})
        self.made = [
            RequestingFunction(
                stack,
                "Request",
                wanted=WantedCertificate(
                    domain_names=("shop.example.com",), key_algorithm=KeyAlgorithm.ECDSA_P384, export=Export.ALLOWED
                ),
                zones=(),
                tag_value="Shop/Certificate",
                operations_key=kms.Key(stack, "LogKey"),
                settings=settings,
            )
            for stack in self.stacks
        ]
        self.templates: list[Json] = [template_of(stack) for stack in self.stacks]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(configured_app(tmp_path_factory.mktemp("cdk.out")))


def test_what_may_leave_aws_is_requested_as_such_and_no_other_way(scene: Scene) -> None:
    (request,) = (each for each in statements_by_handler(scene.templates[0])[HANDLER] if each["Sid"] == "Request")
    condition: dict[str, Any] = request["Condition"]
    assert condition["StringEquals"]["acm:Export"] == "ENABLED"
    assert condition["StringEquals"]["acm:KeyAlgorithm"] == "EC_secp384r1"
    assert "StringEqualsIfExists" not in condition


def test_its_role_is_told_by_the_name_that_cloudformation_will_draw(scene: Scene) -> None:
    ((role, _),) = resources(scene.templates[0], "AWS::IAM::Role").items()
    assert scene.made[0].role_name_pattern == f"Exported-{role}-*"


def test_a_name_that_is_cut_is_told_as_far_as_it_is_certain(scene: Scene) -> None:
    pattern = scene.made[1].role_name_pattern
    assert pattern.endswith("*")
    assert ("A" * 60).startswith(pattern.removesuffix("*"))


def test_it_has_no_environment_and_runs_as_long_as_it_is_told(scene: Scene) -> None:
    function = only(scene.templates[0], "AWS::Lambda::Function")["Properties"]
    assert "Environment" not in function
    assert (function["Timeout"], scene.made[0].timeout.to_seconds()) == (300, 300)
