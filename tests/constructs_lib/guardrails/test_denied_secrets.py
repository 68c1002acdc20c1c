"""Templates written by hand: what IAM allows with a secret whose own policy denies it."""

from typing import Any

import pytest

from constructs_lib.guardrails.template_values import Located
from tests.support.denied_by_secret import (
    PRINCIPAL,
    READ,
    ROLE_ARN,
    WRITE,
    denied,
    deny,
    document,
    holders,
    policy,
    resource_policy,
)

SPARED = deny(ArnNotEquals={PRINCIPAL: ROLE_ARN})
NO_WRITING = deny(WRITE, sid="DenyOthersWriting")


def test_a_statement_that_the_secret_denies_is_found_with_what_helps() -> None:
    (found,) = denied()

    assert (found.policy, found.secret, found.actions) == (Located("S", "Policy"), Located("S", "Secret"), (READ,))
    assert found.remedy("S/Role") == (
        "call secret.grant_read(grantee) for S/Role, which reaches IAM, the key and the policy of the secret, or take "
        "the statement away"
    )


def test_whom_the_secret_spares_is_not_found() -> None:
    assert denied(SPARED) == []


@pytest.mark.parametrize(
    ("actions", "found"),
    [
        (["secretsmanager:*"], (READ, WRITE)),
        (["*"], (READ, WRITE)),
        (["SecretsManager:getsecret*"], (READ,)),
        (["secretsmanager:DescribeSecret", WRITE], (WRITE,)),
    ],
)
def test_wildcards_mean_what_they_cover(actions: list[str], found: tuple[str, ...]) -> None:
    (one,) = denied(deny(), NO_WRITING, Policy=policy(*actions))

    assert one.actions == found
    assert ("secret.grant_write(grantee)" in one.remedy("S/Role")) is (WRITE in found)


def test_actions_that_a_statement_does_not_except_are_allowed() -> None:
    statement: dict[str, Any] = {"Effect": "Allow", "NotAction": ["secretsmanager:Put*"], "Resource": {"Ref": "Secret"}}
    held = policy()
    held["Properties"]["PolicyDocument"] = {"Statement": statement}

    assert [each.actions for each in denied(deny(), NO_WRITING, Policy=held)] == [(READ,)]
    statement["NotAction"] = [{"Ref": "Some"}]
    assert denied(deny(), NO_WRITING, Policy=held) == []


@pytest.mark.parametrize(
    "held",
    [
        policy("secretsmanager:DescribeSecret"),
        policy("kms:Decrypt"),
        policy({"Ref": "Action"}),
        policy(Effect="Deny"),
        policy(Effect={"Ref": "Effect"}),
        policy(resource="*"),
        policy(holder={"Groups": ["Readers"]}),
        {"Type": "AWS::IAM::Group", "Properties": {"Policies": [{"PolicyDocument": document()}]}},
        {"Type": "AWS::SSO::PermissionSet", "Properties": {"Name": "Readers", "InlinePolicy": document()}},
    ],
    ids=["metadata", "key", "unknown", "denied", "unknown effect", "any", "group", "inline of a group", "set"],
)
def test_what_lets_no_role_or_user_read_this_secret_for_certain_is_no_finding(held: dict[str, Any]) -> None:
    assert denied(Policy=held) == []


@pytest.mark.parametrize(
    "held",
    [
        {"Type": "AWS::IAM::ManagedPolicy", "Properties": policy()["Properties"]},
        {"Type": "AWS::IAM::RolePolicy", "Properties": {"RoleName": {"Ref": "Role"}, "PolicyDocument": document()}},
        {"Type": "AWS::IAM::Role", "Properties": {"Policies": [{"PolicyDocument": document()}]}},
        {"Type": "AWS::IAM::User", "Properties": {"Policies": [{"PolicyDocument": document()}]}},
        {"Type": "AWS::Serverless::Function", "Properties": {"Policies": [document()]}},
        {
            "Type": "AWS::Serverless::Function",
            "Properties": {"Policies": [{"AWSSecretsManagerGetSecretValuePolicy": {"SecretArn": {"Ref": "Secret"}}}]},
        },
        policy(holder={"Roles": ["Reader"]}),
        policy(holder={"Users": ["reader"]}),
    ],
    ids=["managed", "own", "inline", "inline of a user", "serverless", "its template", "imported", "imported user"],
)
def test_every_kind_of_policy_is_read(held: dict[str, Any]) -> None:
    (found,) = denied(Held=held)

    assert (found.policy, found.actions) == (Located("S", "Held"), (READ,))


def test_each_holder_of_a_policy_is_judged_for_himself() -> None:
    roles = {"Roles": [{"Ref": "Role"}, {"Ref": "Other"}]}

    assert holders(denied(SPARED, Policy=policy(holder=roles), Other={"Type": "AWS::IAM::Role"})) == ["Other"]


def test_a_managed_policy_that_a_role_attaches_is_that_roles_and_a_boundary_is_not() -> None:
    managed = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document()}}
    attached = {"ManagedPolicyArns": [{"Ref": "Managed"}]}

    assert holders(denied(role=attached, Managed=managed)) == ["Role"]
    assert denied(role={"PermissionsBoundary": {"Ref": "Managed"}}, Managed=managed) == []


def test_a_statement_under_a_condition_is_denied_as_well() -> None:
    limited = {"ForAnyValue:StringEquals": {"secretsmanager:VersionStage": "AWSCURRENT"}}

    assert holders(denied(Policy=policy(Condition=limited))) == ["Role"]


def test_a_secret_without_a_policy_of_ours_is_nobodys_business() -> None:
    assert denied(deny(sid="Other")) == []
    assert denied(resource_policy()) == []
    assert denied(SecretPolicy={"Type": "AWS::IAM::Role"}, Policy=policy()) == []
