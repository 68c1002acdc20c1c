"""What deployers create with a key: admitted through that service alone, and synthesis fails where it was forgotten."""

from collections.abc import Callable, Iterator
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_dynamodb as dynamodb_l2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib import EncryptionKey
from constructs_lib.service_access import dynamodb
from tests.support.l2_case import called
from tests.support.l2_cases import created
from tests.support.l2_cases.created import Created
from tests.support.l2_cases.databases import PARTITION_KEY
from tests.support.l2_positions import IRELAND
from tests.support.synthesised import key_statements, template_of

MakeApp = Callable[..., cdk.App]
Given = tuple[tuple[str, ...], str, bool]
"""Actions, through which service, and whether for AWS resources only."""

VIRGINIA = cdk.Environment(account="111122223333", region="us-east-1")
ROLE = "arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-{}"
IN_IRELAND, IN_VIRGINIA = ROLE.format("eu-west-1"), ROLE.format("us-east-1")
BOTH = f'give the key deployers=[iam.ArnPrincipal("{IN_VIRGINIA}"), iam.ArnPrincipal("{IN_IRELAND}")]'

DATA_KEYS = ("GenerateDataKey", "GenerateDataKeyWithoutPlaintext")
RE_ENCRYPT = ("ReEncryptFrom", "ReEncryptTo")

# What each service's page and CloudFormation's handlers ask of the creator, and whether the service makes grants.
NEEDED: dict[str, tuple[tuple[str, ...], bool]] = {
    "cloudtrail": (("Decrypt", "DescribeKey", "GenerateDataKey"), False),
    "backup": (("Decrypt", "DescribeKey", "GenerateDataKey", "RetireGrant"), True),
    "dynamodb": (("Decrypt", "DescribeKey", "Encrypt", *DATA_KEYS, *RE_ENCRYPT), True),
    "ec2": (("Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext", *RE_ENCRYPT), True),
    "ecr": (("DescribeKey", "RetireGrant"), True),
    "elasticfilesystem": (("Decrypt", "DescribeKey", "GenerateDataKeyWithoutPlaintext"), True),
    "events": (("Decrypt", "DescribeKey", "Encrypt", *DATA_KEYS, *RE_ENCRYPT), False),
    "firehose": (("DescribeKey",), True),
    "lambda": (("Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey"), True),
    "rds": (("DescribeKey",), True),
    "secretsmanager": (("Decrypt", "Encrypt", "GenerateDataKey"), False),
    "states": (("Decrypt", "DescribeKey", "GenerateDataKey"), False),
}


def expected(service: str) -> list[Given]:
    actions, makes_grants = NEEDED[service]
    given = [(tuple(sorted(actions)), f"{service}.eu-west-1.amazonaws.com", False)]
    return [*given, (("CreateGrant",), given[0][1], True)] if makes_grants else given


def of_deployers(template: dict[str, Any]) -> Iterator[Given]:
    """Give what deployers may do with the one key of a template beside administering it."""
    for sid, statement in key_statements(template).items():
        if sid.startswith("Deployers"):
            actions = statement["Action"]
            condition = statement["Condition"]
            yield (
                tuple(each.removeprefix("kms:") for each in ([actions] if isinstance(actions, str) else actions)),
                condition["StringEquals"]["kms:ViaService"],
                condition.get("Bool") == {"kms:GrantIsForAWSResource": "true"},
            )


def stack_of(case: Created, make_app: MakeApp, **options: Any) -> tuple[cdk.Stack, EncryptionKey]:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    key = EncryptionKey(stack, "Key", **options)
    case.build(key, stack)
    return stack, key


@pytest.mark.parametrize("case", [*created.CASES, *created.TOLD], ids=lambda case: case.name)
def test_a_service_that_is_named_gives_its_creator_exactly_what_he_needs(case: Created, make_app: MakeApp) -> None:
    stack, _ = stack_of(case, make_app, services=[case.service])

    assert list(of_deployers(template_of(stack))) == expected(case.service)


@pytest.mark.parametrize("case", created.TOLD, ids=lambda case: case.name)
def test_what_a_construct_asks_for_says_through_which_service_it_is_created(case: Created, make_app: MakeApp) -> None:
    stack, _ = stack_of(case, make_app, services=[])

    assert list(of_deployers(template_of(stack))) == expected(case.service)


@pytest.mark.parametrize("case", created.CASES, ids=lambda case: case.name)
def test_refuses_a_creator_who_was_forgotten_with_what_admits_him(case: Created, make_app: MakeApp) -> None:
    stack, _ = stack_of(case, make_app, services=["sqs"])

    with pytest.raises(RuntimeError, match="UnadmittedCreator") as refused:
        template_of(stack)

    call = f", or call key.allow({case.call}) on it" if case.call else "\n"
    assert f'give the key services=[..., "{case.service}"]{call}' in str(refused.value)


@pytest.mark.parametrize("case", [case for case in created.CASES if case.call], ids=lambda case: case.name)
def test_the_call_gives_the_creator_the_same(case: Created, make_app: MakeApp) -> None:
    stack, key = stack_of(case, make_app, services=[])
    key.allow(*called(case.call))

    assert list(of_deployers(template_of(stack))) == expected(case.service)


def replicated(make_app: MakeApp, **options: Any) -> tuple[cdk.Stack, EncryptionKey]:
    """Make a secret of Ireland with a replica in Virginia, each under a key of its Region."""
    app = make_app()
    here, there = cdk.Stack(app, "S", env=IRELAND), cdk.Stack(app, "W", env=VIRGINIA)
    copy = EncryptionKey(there, "Key", **options)
    replica = secretsmanager.ReplicaRegion(region="us-east-1", encryption_key=copy)
    secretsmanager.Secret(here, "Secret", encryption_key=EncryptionKey(here, "Key"), replica_regions=[replica])
    return there, copy


@pytest.mark.parametrize("services", [None, ["secretsmanager"]])
def test_refuses_a_replica_whose_key_does_not_admit_the_deployer_of_the_other_region(
    services: list[str] | None, make_app: MakeApp
) -> None:
    stack, _ = replicated(make_app, services=services)

    with pytest.raises(RuntimeError, match="UnadmittedCreator") as refused:
        template_of(stack)

    assert BOTH in str(refused.value)


def test_the_key_of_a_replica_names_the_deployers_of_both_regions(make_app: MakeApp) -> None:
    both = [iam.ArnPrincipal(arn) for arn in (IN_IRELAND, IN_VIRGINIA)]
    stack, _ = replicated(make_app, services=["secretsmanager"], deployers=both)

    (statement,) = [each for sid, each in key_statements(template_of(stack)).items() if sid.startswith("Deployers")]
    assert sorted(statement["Principal"]["AWS"]) == [IN_IRELAND, IN_VIRGINIA]
    assert statement["Condition"] == {"StringEquals": {"kms:ViaService": "secretsmanager.us-east-1.amazonaws.com"}}


def with_a_managed_password(make_app: MakeApp, *services: str) -> cdk.Stack:
    """Make a database whose master password RDS keeps in a secret."""
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    key = EncryptionKey(stack, "Key", services=services)
    secret = rds.CfnDBInstance.MasterUserSecretProperty(kms_key_id=key.key_arn)
    rds.CfnDBInstance(stack, "Database", manage_master_user_password=True, master_user_secret=secret)
    return stack


@pytest.mark.parametrize(("told", "lacking"), [("rds", "secretsmanager"), ("secretsmanager", "rds")])
def test_refuses_a_managed_master_password_that_is_created_through_one_service(
    told: str, lacking: str, make_app: MakeApp
) -> None:
    stack = with_a_managed_password(make_app, told)

    with pytest.raises(RuntimeError, match="UnadmittedCreator") as refused:
        template_of(stack)

    assert f'give the key services=[..., "{lacking}"]' in str(refused.value)


def test_a_managed_master_password_is_created_through_rds_and_secrets_manager(make_app: MakeApp) -> None:
    given = set(of_deployers(template_of(with_a_managed_password(make_app, "rds", "secretsmanager"))))

    assert given == {*expected("rds"), *expected("secretsmanager")}


def global_table(make_app: MakeApp) -> tuple[cdk.Stack, EncryptionKey]:
    """Make a table of Ireland with a replica in Virginia, each under a key of its Region."""
    app = make_app()
    here, there = cdk.Stack(app, "S", env=IRELAND), cdk.Stack(app, "W", env=VIRGINIA)
    keys = [EncryptionKey(each, "Key", services=["dynamodb"]) for each in (here, there)]
    encryption = dynamodb_l2.TableEncryptionV2.customer_managed_key(keys[0], {"us-east-1": keys[1].key_arn})
    replicas = [dynamodb_l2.ReplicaTableProps(region="us-east-1")]
    dynamodb_l2.TableV2(here, "Table", partition_key=PARTITION_KEY, encryption=encryption, replicas=replicas)
    return there, keys[1]


def test_refuses_a_global_table_whose_other_key_does_not_admit_its_deployer(make_app: MakeApp) -> None:
    stack, _ = global_table(make_app)

    with pytest.raises(RuntimeError, match="UnadmittedCreator") as refused:
        template_of(stack)

    assert BOTH in str(refused.value)


def test_whoever_creates_a_global_table_is_admitted_from_any_region(make_app: MakeApp) -> None:
    stack, key = global_table(make_app)
    key.allow(dynamodb.replicate_table(), iam.ArnPrincipal(IN_IRELAND))

    given = [each for each in key_statements(template_of(stack)).values() if each["Principal"] == {"AWS": IN_IRELAND}]
    through = {"kms:ViaService": "dynamodb.*.amazonaws.com"}
    actions = sorted(f"kms:{action}" for action in NEEDED["dynamodb"][0])
    assert [(each["Action"], each["Condition"]) for each in given] == [
        ("kms:CreateGrant", {"Bool": {"kms:GrantIsForAWSResource": "true"}, "StringLike": through}),
        (actions, {"StringLike": through}),
    ]


@pytest.mark.parametrize(
    ("deployer", "services"), [(IN_IRELAND, ["rds"]), ("arn:aws:iam::111122223333:role/pipeline", ["rds"])]
)
def test_deployers_who_are_named_are_taken_at_their_word(deployer: str, services: list[str], make_app: MakeApp) -> None:
    app = make_app()
    key = EncryptionKey(
        cdk.Stack(app, "K", env=IRELAND), "Key", deployers=[iam.ArnPrincipal(deployer)], services=services
    )
    created.database_with_insights(key, cdk.Stack(app, "S", env=IRELAND))

    app.synth()


def test_refuses_named_deployers_who_may_not_create(make_app: MakeApp) -> None:
    case = next(each for each in created.CASES if each.service == "rds")
    stack, _ = stack_of(case, make_app, services=["sqs"], deployers=[iam.ArnPrincipal(IN_IRELAND)])

    with pytest.raises(RuntimeError, match="UnadmittedCreator"):
        template_of(stack)


@pytest.mark.parametrize("case", created.CASES[:3], ids=lambda case: case.name)
def test_a_key_that_is_taken_back_admits_nobody_yet(case: Created, make_app: MakeApp) -> None:
    app = make_app(**{"cdk-key-management:take-back": "true"})
    stack = cdk.Stack(app, "S", env=IRELAND)
    case.build(EncryptionKey(stack, "Key", services=[]), stack)

    app.synth()


def test_there_are_cases_for_every_service() -> None:
    assert {case.service for case in (*created.CASES, *created.TOLD)} == set(NEEDED)
