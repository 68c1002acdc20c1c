import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from constructs_lib.actions import ADMINISTER, CREATE_GRANT
from constructs_lib.errors import ConfigurationError
from constructs_lib.execution_policy.handler_permissions import Permission, handler_facts, values_at
from constructs_lib.service_access.creators import CREATORS, Grants

ROOT = Path(__file__).resolve().parents[3]
FACTS = json.loads((ROOT / "constructs_lib" / "execution_policy" / "handler_permissions.json").read_text())
PUBLISHED = ROOT.parent / "shared" / "data" / "cloudformation-handler-permissions.json"
HANDLERS = ("create", "read", "update", "delete", "list")
OF_OUR_OWN = {"AWS::CDK::Metadata", "Custom::*"}
# AWS publishes no schema of a type that CloudFormation had before there were schemas, and so no permissions.
UNPUBLISHED = {
    "AWS::CloudFormation::WaitCondition", "AWS::CloudFormation::WaitConditionHandle", "AWS::Glue::Table",
    "AWS::ElasticLoadBalancingV2::ListenerCertificate", "AWS::Route53::RecordSet",
}  # fmt: skip


@dataclass(frozen=True)
class FakeArns:
    """ARNs that say where they come from."""

    def own(self) -> Sequence[str]:
        return ["own"]

    def assets(self) -> Sequence[str]:
        return ["assets"]

    def filled(self, arn: str) -> str:
        return f"filled {arn}"

    def referred(self, value: object, resource_type: str | None) -> Sequence[str]:
        return [f"{resource_type} {value}"]


def _published() -> dict[str, Any]:
    # The file is AWS's and stays outside; only a clone that stands alone does without it.
    if not PUBLISHED.exists():
        assert "REQUIRE_PUBLISHED_VECTORS" not in os.environ
        return {}
    found: dict[str, Any] = json.loads(PUBLISHED.read_text())
    return found


def _actions(names: Iterable[str]) -> set[str]:
    """Write AWS's lists with one spelling of the services, of which they have two."""
    return {f"{service.lower()}:{name}" for service, _, name in (each.partition(":") for each in names)}


@pytest.mark.parametrize("resource_type", sorted(set(FACTS) - OF_OUR_OWN - UNPUBLISHED))
def test_the_lists_are_those_that_aws_publishes_but_for_what_is_argued(resource_type: str) -> None:
    facts = FACTS[resource_type]
    left_out = {action for actions in facts.get("leaves_out", {}).values() for action in actions}
    expected = _published().get(resource_type)
    for handler in HANDLERS:
        added = {action for lists in facts.get("adds", {}).values() for action in lists.get(handler, ())}
        ours = set(facts.get(handler, ()))
        assert added <= ours
        assert not left_out & ours
        if expected is not None:
            assert ours == (_actions(expected.get(handler, ())) - left_out) | added


def test_every_type_but_our_own_is_published() -> None:
    published = _published()

    assert not published or set(FACTS) - OF_OUR_OWN - UNPUBLISHED <= set(published)
    assert not UNPUBLISHED & set(published)


@pytest.mark.parametrize("resource_type", sorted(FACTS))
def test_every_rule_of_a_type_is_about_an_action_of_it(resource_type: str) -> None:
    facts = FACTS[resource_type]
    actions = {action for handler in HANDLERS for action in facts.get(handler, ())}
    patterns = [*facts.get("on", {}), *facts.get("conditions", {})]
    patterns += [pattern for found in facts.get("only_with", {}).values() for pattern in found]

    unused = [each for each in patterns if not any(fnmatchcase(action, each) for action in actions)]
    placed_on_itself = any(facts.get("on", {}).get(action, "self") == "self" for action in actions)

    assert unused == []
    assert "arns" in facts or "*" in facts.get("on", {}) or not placed_on_itself


GUIDE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
LOAD_BALANCING = "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-permissions.html"
ROLES_OF_SERVICES = {
    "ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway",
    "elasticloadbalancing.amazonaws.com/*",
}
DELIVERY = {
    "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
}  # fmt: skip
LOOKED_AT_FOR_A_BALANCER = {
    "ec2:DescribeAccountAttributes", "ec2:DescribeAddresses", "ec2:DescribeInternetGateways",
    "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
}  # fmt: skip
LOOKED_AT_FOR_TARGETS = {
    "ec2:DescribeInstances", "ec2:DescribeInternetGateways", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
}  # fmt: skip
SERVICE_ROLE = {"iam:CreateServiceLinkedRole"}


@pytest.mark.parametrize(
    ("resource_type", "page", "added"),
    [
        ("AWS::ApiGateway::RestApi", f"{GUIDE}using-service-linked-roles.html", SERVICE_ROLE),
        ("AWS::ApiGateway::DomainName", f"{GUIDE}using-service-linked-roles.html", SERVICE_ROLE),
        (
            "AWS::ApiGateway::DomainName",
            f"{GUIDE}how-to-edge-optimized-custom-domain-name.html",
            {"cloudfront:updateDistribution"},
        ),
        ("AWS::ApiGatewayV2::Api", f"{GUIDE}using-service-linked-roles.html", SERVICE_ROLE),
        ("AWS::ApiGatewayV2::DomainName", f"{GUIDE}using-service-linked-roles.html", SERVICE_ROLE),
        ("AWS::ApiGatewayV2::Stage", f"{GUIDE}http-api-logging.html", DELIVERY),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", LOAD_BALANCING, LOOKED_AT_FOR_A_BALANCER | SERVICE_ROLE),
        ("AWS::ElasticLoadBalancingV2::TargetGroup", LOAD_BALANCING, LOOKED_AT_FOR_TARGETS | SERVICE_ROLE),
    ],
)
def test_what_aws_documents_elsewhere_is_added_with_its_page(resource_type: str, page: str, added: set[str]) -> None:
    (lists,) = [found for reason, found in FACTS[resource_type]["adds"].items() if page in reason]

    assert {action for actions in lists.values() for action in actions} == added


@pytest.mark.parametrize("resource_type", [each for each in FACTS if SERVICE_ROLE & {*FACTS[each].get("create", ())}])
def test_a_role_of_a_service_is_that_of_one_service_alone(resource_type: str) -> None:
    where = str(FACTS[resource_type]["on"]["iam:CreateServiceLinkedRole"])
    told = FACTS[resource_type].get("conditions", {}).get("iam:CreateServiceLinkedRole")

    assert where.startswith("arn:{partition}:iam::{account}:role/aws-service-role/")
    if where.partition("/aws-service-role/")[2] in ROLES_OF_SERVICES:
        assert told == {"iam:AWSServiceName": where.split("/")[2]}


def test_a_distribution_that_a_service_owns_is_in_no_account_that_could_be_named() -> None:
    edge = _permissions("AWS::ApiGateway::DomainName", ["create"], {"CertificateArn": "c"})
    regional = _permissions("AWS::ApiGateway::DomainName", ["create"], {"RegionalCertificateArn": "c"})
    pool = _permissions("AWS::Cognito::UserPoolDomain", ["create"], {})

    assert {found["cloudfront:updateDistribution"].resources for found in (edge, pool)} == {("*",)}
    assert "cloudfront:updateDistribution" not in regional


def test_access_logs_of_a_stage_need_their_delivery_and_other_stages_do_not() -> None:
    without = _permissions("AWS::ApiGatewayV2::Stage", ["create"], {})
    logged = _permissions("AWS::ApiGatewayV2::Stage", ["create"], {"AccessLogSettings": {"DestinationArn": "l"}})

    assert {*logged} - {*without} == DELIVERY
    assert {logged[action].resources for action in DELIVERY} == {("*",)}


def test_targets_are_looked_at_only_where_some_are_registered() -> None:
    without = _permissions("AWS::ElasticLoadBalancingV2::TargetGroup", ["create"], {})
    within = _permissions("AWS::ElasticLoadBalancingV2::TargetGroup", ["create"], {"Targets": [{"Id": "i"}]})

    assert {*within} - {*without} == {"ec2:DescribeInstances", "ec2:DescribeSubnets"}


def _asked_of_keys(resource_type: str) -> set[str]:
    """What the handlers of a type ask of the keys that it is encrypted with."""
    facts = FACTS[resource_type]
    actions = {action for handler in HANDLERS for action in facts.get(handler, ()) if action.startswith("kms:")}
    return {action for action in actions if facts.get("on", {}).get(action, "self") == "self"}


@pytest.mark.parametrize("resource_type", sorted(each for each in FACTS if "keys" in FACTS[each]))
def test_a_creator_is_given_all_that_the_handlers_ask_of_a_key(resource_type: str) -> None:
    asked = _asked_of_keys(resource_type)
    # Deployers administer keys as well, unless these name their administrators, and so take grants back.
    asked -= set(ADMINISTER)

    assert asked
    for service in FACTS[resource_type]["keys"].values():
        creator = CREATORS[service]
        grants = set() if creator.grants is Grants.NONE else {CREATE_GRANT}
        assert asked <= {*creator.actions, *grants}


def test_whatever_asks_something_of_a_key_says_through_which_service() -> None:
    without = [each for each in FACTS if "keys" not in FACTS[each] and _asked_of_keys(each)]

    assert set(without) == {"AWS::KMS::Alias", "AWS::KMS::Key", "AWS::KMS::ReplicaKey"}


def _permissions(resource_type: str, handlers: Sequence[str], properties: dict[str, Any]) -> dict[str, Permission]:
    found = handler_facts(resource_type, "Stack/Id").permissions(handlers, properties, FakeArns())
    return {each.action: each for each in found}


def test_an_action_works_on_the_resource_itself_unless_the_facts_say_otherwise() -> None:
    found = _permissions("AWS::KMS::Key", ["create"], {})

    assert found["kms:PutKeyPolicy"].resources == ("own",)
    assert found["kms:CreateKey"].resources == ("*",)


def test_an_action_of_a_feature_is_needed_only_with_that_feature() -> None:
    without = _permissions("AWS::Lambda::Function", ["create"], {})
    within = _permissions("AWS::Lambda::Function", ["create"], {"VpcConfig": {"SubnetIds": ["s"]}})

    assert {action for action in within if action not in without} == {
        "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
    }  # fmt: skip


def test_a_role_is_passed_to_one_service_only() -> None:
    found = _permissions("AWS::Lambda::Function", ["create"], {"Role": "r"})["iam:PassRole"]

    assert found.resources == ("AWS::IAM::Role r",)
    assert found.conditions == {"iam:PassedToService": ("lambda.amazonaws.com",)}


def test_a_key_is_used_through_the_service_that_the_property_belongs_to() -> None:
    found = _permissions("AWS::Lambda::Function", ["create"], {"KmsKeyArn": "k"})

    assert found["kms:CreateGrant"] == Permission(
        action="kms:CreateGrant", resources=("AWS::KMS::Key k",), through="lambda"
    )
    assert not [action for action in _permissions("AWS::Lambda::Function", ["create"], {}) if "kms" in action]


def test_refuses_a_type_that_is_not_known_and_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError) as refused:
        handler_facts("AWS::Foo::Bar", "Stack/Id")

    assert str(refused.value) == (
        "resource type of Stack/Id must be one of those in handler_permissions.json, got AWS::Foo::Bar: add it there "
        "with the permissions of its handlers, which "
        "'aws cloudformation describe-type --type RESOURCE --type-name AWS::Foo::Bar' prints"
    )


@pytest.mark.parametrize(
    ("properties", "path", "values"),
    [
        ({"Code": {"S3Bucket": "b"}}, "Code.S3Bucket", ["b"]),
        ({"Code": {"ZipFile": "z"}}, "Code.S3Bucket", []),
        ({"Roles": []}, "Roles", []),
        ({"Enabled": False}, "Enabled", [False]),
        ({"Targets": {"Fn::If": ["c", [], []]}}, "Targets[].RoleArn", [{"Fn::If": ["c", [], []]}]),
        ({"Log": [{"A": "a", "B": 1}]}, "Log[].*", ["a"]),
    ],
)
def test_values_are_found_at_a_path(properties: dict[str, Any], path: str, values: list[Any]) -> None:
    assert values_at(properties, path) == values
