"""Resources of IAM statements written by hand: which of them mean one secret."""

from typing import Any

import pytest

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.denied_secrets import denied_secrets
from constructs_lib.guardrails.deployed_stack import DeployedStack
from constructs_lib.guardrails.template_values import Located
from tests.support.denied_by_secret import ACCOUNT, ANYWHERE, ARNS, HERE, denied, deny, policy, resource_policy

NAME_IN_ARN = {"Fn::Select": [6, {"Fn::Split": [":", {"Ref": "Secret"}]}]}
PARTS = {"Fn::Split": ["-", NAME_IN_ARN]}
NAME = {"Fn::Join": ["-", [{"Fn::Select": [0, PARTS]}, {"Fn::Select": [1, PARTS]}]]}
HEAD = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:"
ATTACHED = {
    "Attached": {"Type": "AWS::SecretsManager::SecretTargetAttachment", "Properties": {"SecretId": {"Ref": "Secret"}}}
}


@pytest.mark.parametrize(
    "resource",
    [
        {"Ref": "Secret"},
        {"Ref": "Attached"},
        {"Fn::GetAtt": ["Secret", "Id"]},
        {"Fn::Sub": "${Secret}"},
        {"Fn::Join": ["", [{"Ref": "Secret"}, "*"]]},
        {"Fn::Join": ["", [ARNS, NAME_IN_ARN]]},
        {"Fn::Join": ["", [{"Fn::Sub": HEAD}, NAME, "-??????"]]},
        ["*", {"Ref": "Secret"}],
        {"Fn::If": ["Prod", {"Ref": "Secret"}, {"Ref": "Theirs"}]},
        f"{ARNS}Secret-*-??????",
        f"{ARNS}Secret-*",
        "arn:*:secretsmanager:*:*:secret:Secret-*",
        {"Fn::Sub": f"{HEAD}Secret-*"},
    ],
)
@pytest.mark.parametrize("stack", [HERE, ANYWHERE], ids=["here", "anywhere"])
def test_a_secret_is_named_by_reference_or_by_the_pattern_of_its_drawn_name(
    resource: Any, stack: DeployedStack
) -> None:
    theirs = {"Theirs": {"Type": "AWS::SecretsManager::Secret"}}

    (found,) = denied(stack=stack, Policy=policy(resource=resource), **ATTACHED, **theirs)

    assert found.secret == Located("S", "Secret")


@pytest.mark.parametrize("suffix", ["-??????", "-*", "-aB3dE6", "-aB????"])
def test_a_secret_with_a_name_is_named_by_it_and_its_suffix(suffix: str) -> None:
    assert denied(secret={"Name": "orders/db"}, Policy=policy(resource=f"{ARNS}orders/db{suffix}"))


@pytest.mark.parametrize(
    "resource",
    [
        "*",
        f"{ARNS}*",
        f"{ARNS}orders/*",
        f"{ARNS}orders/db*",
        f"{ARNS}orders/db",
        f"{ARNS}orders/db-2-??????",
        f"{ARNS}?rders/db-??????",
        f"{ARNS}orders/other-??????",
        f"{ARNS}${{!Name}}",
        {"Fn::Sub": f"{ARNS}${{Name}}-??????"},
        {"Fn::Sub": f"{ARNS}team/${{Secret}}-??????"},
        {"Fn::Join": ["", [{"Ref": "Secret"}, "/other"]]},
        {"Fn::Join": ["", ["arn:aws:s3:::", {"Ref": "Secret"}]]},
        {"Ref": "Role"},
        {"Ref": "Parameter"},
        {"Fn::ImportValue": "somebody-elses"},
        "arn:aws:secretsmanager:eu-west-1:444455556666:secret:orders/db-??????",
        f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:orders/db-??????",
        f"arn:aws:ssm:eu-west-1:{ACCOUNT}:secret:orders/db-??????",
        f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:orders/db-??????",
    ],
)
def test_what_means_several_secrets_or_none_of_these_is_no_finding(resource: Any) -> None:
    assert denied(secret={"Name": "orders/db"}, Policy=policy(resource=resource)) == []


@pytest.mark.parametrize(
    "pattern", ["Secret-aB3dE6", "Secret-aB3dE6gH1jK2-aB3dE6", "Secre*", "Secret*", "Secret-??????"]
)
def test_a_drawn_name_is_meant_by_a_pattern_of_it_alone(pattern: str) -> None:
    assert denied(Policy=policy(resource=f"{ARNS}{pattern}")) == []


def test_a_name_that_only_the_deployment_knows_is_no_literal_one() -> None:
    assert denied(secret={"Name": {"Ref": "Name"}}, Policy=policy(resource=f"{ARNS}orders-??????")) == []


@pytest.mark.parametrize(("denials", "found"), [([deny()], 1), ([deny(sid="Theirs")], 0)])
def test_where_a_pattern_may_mean_either_of_two_secrets_both_must_deny(denials: list[Any], found: int) -> None:
    secret = {"Type": "AWS::SecretsManager::Secret"}
    first = {"Secret": secret, "SecretPolicy": resource_policy(deny()), "Role": {"Type": "AWS::IAM::Role"}}
    second = {"Secret": secret, "SecretPolicy": resource_policy(*denials)}
    reads = policy(resource=f"{ARNS}Secret-*-??????")
    templates = {"S": {"Resources": {**first, "Policy": reads}}, "T": {"Resources": second}}

    assert len(denied_secrets(CloudTemplates(templates, {"S": HERE, "T": HERE}))) == found


def test_a_secret_is_named_by_the_import_of_an_export() -> None:
    mine = {"Secret": {"Type": "AWS::SecretsManager::Secret"}, "SecretPolicy": resource_policy(deny())}
    exported = {"Outputs": {"Out": {"Value": {"Ref": "Secret"}, "Export": {"Name": "S:Secret"}}}}
    theirs = {"Role": {"Type": "AWS::IAM::Role"}, "Policy": policy(resource={"Fn::ImportValue": "S:Secret"})}
    templates = CloudTemplates({"S": {"Resources": mine, **exported}, "W": {"Resources": theirs}})

    (found,) = denied_secrets(templates)
    assert (found.policy, found.secret) == (Located("W", "Policy"), Located("S", "Secret"))
