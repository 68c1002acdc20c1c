"""Who is let in is let in everywhere: key, IAM and resource policy agree about each person."""

from collections.abc import Callable
from dataclasses import replace

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import TokenText
from constructs_lib.secret_actions import ADMINISTER_SECRET, ROTATE_SECRET, WRITE_SECRET
from constructs_lib.secrets.named_people import NamedPeople
from constructs_lib.secrets.resource_policy import ResourcePolicy
from constructs_lib.secrets.secret_grants import SecretGrants
from constructs_lib.secrets.secret_in_iam import SecretInIam
from constructs_lib.secrets.secret_key import SecretKey
from tests.support.announcements import announcements
from tests.support.secret_stack import allowed_to, key_of, role, spared, statements
from tests.support.synthesised import app_of, granted, template_of

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:rotate-orders"
NAME = "orders"


@pytest.fixture
def stack(make_app: Callable[..., cdk.App]) -> cdk.Stack:
    return cdk.Stack(make_app(), "Orders", env=cdk.Environment(account="111122223333", region="eu-west-1"))


@pytest.fixture
def grants(stack: cdk.Stack) -> SecretGrants:
    secret = cdk.Resource(stack, "Secret")
    people = NamedPeople(secret, (), None)
    key = SecretKey(secret=secret, key=key_of(stack), argument="encryption_key", secret_name=NAME, region="eu-west-1")
    return SecretGrants(
        people=people,
        policy=ResourcePolicy(secret, NAME, people, cdk.RemovalPolicy.DESTROY),
        in_iam=SecretInIam(secret, people, near=["near"], far=["far"]),
        key=key,
        replica_keys=(),
    )


def _secret_actions(template: dict[str, object], role_id: str) -> list[str]:
    found = [each["Action"] for each in allowed_to(template, role_id) if each["Resource"] == "near"]
    return sorted(action for actions in found for action in actions)


def test_each_kind_of_person_has_exactly_its_actions_and_its_place(stack: cdk.Stack, grants: SecretGrants) -> None:
    roles = {name: role(stack, name) for name in ("Reader", "Writer", "Rotator", "Admin")}
    grants.read(roles["Reader"])
    grants.write(roles["Writer"])
    grants.rotate(roles["Rotator"])
    grants.administer(roles["Admin"])

    template = template_of(stack)

    arns = {name: f"${{{stack.resolve(each.role_arn)['Fn::GetAtt'][0]}.Arn}}" for name, each in roles.items()}
    policy, deployer = statements(template), TokenText(stack).text(str(grants.people.people.deployers[0]))
    assert spared(policy["DenyOthersReading"]) == {arns["Reader"], arns["Rotator"], deployer}
    assert spared(policy["DenyOthersWriting"]) == {arns["Writer"], arns["Rotator"], deployer}
    assert spared(policy["DenyDeletion"]) == {arns["Admin"], deployer}
    assert _secret_actions(template, "Writer") == sorted(WRITE_SECRET)
    assert _secret_actions(template, "Rotator") == sorted(ROTATE_SECRET)
    assert _secret_actions(template, "Admin") == sorted(ADMINISTER_SECRET)
    admitted = {
        str(who): each["Action"]
        for each in granted(template).values()
        for who in (
            each["Principal"]["AWS"] if isinstance(each["Principal"]["AWS"], list) else [each["Principal"]["AWS"]]
        )
    }
    assert admitted == {
        arns["Reader"]: "kms:Decrypt",
        arns["Writer"]: ["kms:Decrypt", "kms:GenerateDataKey"],
        arns["Rotator"]: ["kms:Decrypt", "kms:GenerateDataKey"],
    }
    assert all("kms:EncryptionContext:SecretARN" in str(each["Condition"]) for each in granted(template).values())


def test_functions_of_aws_are_known_by_their_names(stack: cdk.Stack, grants: SecretGrants) -> None:
    grants.rotate_hosted(FUNCTION)
    grants.read_by_function(FUNCTION.replace("orders", "shop"), "arn:aws:iam::111122223333:role/Shop-*")

    template = template_of(stack)

    policy = statements(template)
    assert policy["DenyOthersReading"]["Condition"]["StringNotLike"] == {
        "aws:userid": ["AROA*:rotate-orders", "AROA*:rotate-shop"]
    }
    assert policy["DenyOthersWriting"]["Condition"]["StringNotLike"] == {"aws:userid": "AROA*:rotate-orders"}
    orders, shop = (f":iam::111122223333:role/{name}-*" for name in ("Orders", "Shop"))
    elsewhere = policy["DenyOthersReadingElsewhere"]["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
    assert [each.partition("iam")[2] for each in sorted(elsewhere)] == [
        each.partition("iam")[2] for each in (orders, shop)
    ]
    admitted = granted(template).values()
    assert all(each["Principal"]["AWS"].endswith(":root") for each in admitted)
    assert {
        (
            each["Condition"]["ArnLike"]["aws:PrincipalArn"].partition("iam")[2],
            each["Condition"]["StringLike"]["aws:userid"],
        )
        for each in admitted
    } == {
        (orders.partition("iam")[2], "AROA*:rotate-orders"),
        (shop.partition("iam")[2], "AROA*:rotate-shop"),
    }


def test_a_hosted_rotation_says_by_what_it_is_known(stack: cdk.Stack, grants: SecretGrants) -> None:
    grants.rotate_hosted(FUNCTION)

    said = next(
        each
        for each in announcements(app_of(stack).synth().directory, "Orders", "info")
        if each.startswith("the hosted")
    )
    assert "known by the session AROA*:rotate-orders of roles " in said
    assert "whoever may assume such a role, under that name, reads and writes" in said


def test_administrators_stop_the_replication_of_replicas_alone(stack: cdk.Stack, grants: SecretGrants) -> None:
    in_iam = replace(grants.in_iam, near=["near", "replica"], far=["far", "far-replica"])

    replace(grants, in_iam=in_iam).administer(role(stack, "Admin"))

    template = template_of(stack)
    assert _secret_actions(template, "Admin") == sorted(ADMINISTER_SECRET)
    assert [each["Action"] for each in allowed_to(template, "Admin") if each["Resource"] == "replica"] == [
        "secretsmanager:StopReplicationToReplica"
    ]


def test_nothing_is_written_for_whom_it_refuses(stack: cdk.Stack, grants: SecretGrants) -> None:
    with pytest.raises(ConfigurationError, match="grantee must be of the account of the secret"):
        grants.write(iam.ArnPrincipal("arn:aws:iam::999988887777:role/Writer"))

    assert granted(template_of(stack)) == {}
