"""The resource policy says whoever is named by now."""

from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.asked_statement import asked_statement
from constructs_lib.secrets.named_people import READERS, NamedPeople
from constructs_lib.secrets.resource_policy import ResourcePolicy
from tests.support.secret_stack import POLICY, role, spared, statements
from tests.support.synthesised import only, template_of


def test_who_comes_later_is_spared_and_what_is_asked_stands_beside(make_app: Callable[..., cdk.App]) -> None:
    stack = cdk.Stack(make_app(), "Orders")
    secret = cdk.Resource(stack, "Secret")
    people = NamedPeople(secret, (), None)
    policy = ResourcePolicy(secret, "orders", people, cdk.RemovalPolicy.DESTROY)
    people.add(READERS, people.read(READERS, role(stack, "Reader")))
    policy.write()
    asked = iam.PolicyStatement(
        sid="Auditors",
        actions=["secretsmanager:DescribeSecret"],
        principals=[iam.ArnPrincipal("arn:aws:iam::111122223333:role/Auditor")],
    )
    for _ in range(2):
        policy.ask(asked_statement(asked, people.text))

    template = template_of(stack)

    found = statements(template)
    (sid,) = (each for each in found if each.startswith("Auditors"))
    assert spared(found["DenyOthersReading"]) == {"${ReaderF7BF189D.Arn}", *spared(found["DenyForcedDeletion"])}
    assert found[sid]["Action"] == "secretsmanager:DescribeSecret"
    properties = only(template, POLICY)
    assert (properties["Properties"]["BlockPublicPolicy"], properties["DeletionPolicy"]) == (True, "Delete")


def test_refuses_to_lock_out_who_deploys(make_app: Callable[..., cdk.App]) -> None:
    secret = cdk.Resource(cdk.Stack(make_app(), "Orders"), "Secret")
    people = NamedPeople(secret, (), None)
    policy = ResourcePolicy(secret, "orders", people, cdk.RemovalPolicy.DESTROY)
    everybody = iam.PolicyStatement(
        effect=iam.Effect.DENY,
        actions=["secretsmanager:*"],
        principals=[iam.StarPrincipal()],
        conditions={"StringLike": {"aws:PrincipalArn": "*"}},
    )

    with pytest.raises(ConfigurationError, match=r"must not deny .* to deployers, .*cfn-exec-role"):
        policy.ask(asked_statement(everybody, people.text))
