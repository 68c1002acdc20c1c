"""Rotation by a function of AWS: what CloudFormation is told, and what AWS would find out too late."""

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk.aws_secretsmanager import HostedRotationType
from constructs import Construct

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.function_network import FunctionNetwork
from constructs_lib.secrets.contents import Characters, Content, DatabaseEngine, Generated, Supplied
from constructs_lib.secrets.hosted import Hosted, HostedUsers
from constructs_lib.secrets.rotation import Rotation
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from tests.conftest import configured_app
from tests.support.synthesised import only, template_of, written

DAILY = RotationSchedule.every(cdk.Duration.days(1))
KEY = "arn:aws:kms:eu-central-1:111122223333:key/"
PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
SUPERUSER = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:super-AbCdEf"


@pytest.fixture
def stack(tmp_path: Path) -> cdk.Stack:
    env = cdk.Environment(account="111122223333", region="eu-central-1")
    return cdk.Stack(configured_app(tmp_path), "Orders", env=env)


def superuser_in(scope: Construct) -> secretsmanager.ISecret:
    key = kms.Key.from_key_arn(scope, "SuperKey", f"{KEY}2")
    return secretsmanager.Secret.from_secret_attributes(
        scope, "Super", secret_complete_arn=SUPERUSER, encryption_key=key
    )


def of(engine: DatabaseEngine = DatabaseEngine.MYSQL, **told: Any) -> Generated:
    """Return what a secret holds: of MySQL, with its address, unless something else is said."""
    return Generated.database(**{"engine": engine, "username": "app", "host": "orders.internal", **told})


def attached(
    stack: cdk.Stack, rotation: Rotation, content: Content, construct_id: str = "Secret"
) -> secretsmanager.CfnSecret:
    rotation.check(stack, content)
    secret = secretsmanager.CfnSecret(stack, construct_id)
    key = kms.Key.from_key_arn(secret, "Key", f"{KEY}1")
    rotation.attach(secret, secret_arn=secret.ref, encryption_key=key, content=content)
    return secret


def test_one_user_in_a_vpc_is_rotated_by_a_function_of_the_given_name(stack: cdk.Stack) -> None:
    vpc = ec2.Vpc.from_vpc_attributes(
        stack, "Vpc", vpc_id="vpc-1", availability_zones=["a", "b"], private_subnet_ids=["subnet-1", "subnet-2"]
    )
    groups = [ec2.SecurityGroup.from_security_group_id(stack, name, name) for name in ("sg-1", "sg-2")]
    network = FunctionNetwork(vpc=vpc, security_groups=groups)

    attached(
        stack,
        Hosted(engine=DatabaseEngine.MYSQL, function_name="rotate-orders", schedule=DAILY, network=network),
        of(characters=Characters.WITH_PUNCTUATION, without="'\"/@ "),
    )

    template = template_of(stack)
    assert template["Transform"] == "AWS::SecretsManager-2024-09-16"
    assert written(only(template, "AWS::SecretsManager::RotationSchedule")["Properties"]) == {
        "HostedRotationLambda": {
            "ExcludeCharacters": "\"'/@",
            "KmsKeyArn": f"{KEY}1",
            "RotationLambdaName": "rotate-orders",
            "RotationType": "MySQLSingleUser",
            "VpcSecurityGroupIds": "sg-1,sg-2",
            "VpcSubnetIds": "subnet-1,subnet-2",
        },
        "RotateImmediatelyOnUpdate": True,
        "RotationRules": {"ScheduleExpression": "rate(1 day)"},
        "SecretId": "${Secret}",
    }


def test_alternating_users_need_the_superusers_secret_and_its_key(stack: cdk.Stack) -> None:
    superuser = superuser_in(stack)
    rotation = Hosted(
        engine=DatabaseEngine.POSTGRES,
        users=HostedUsers.ALTERNATING,
        superuser=superuser,
        function_name="rotate",
        schedule=DAILY,
    )

    secret = attached(stack, rotation, of(DatabaseEngine.POSTGRES, superuser=superuser))

    function = only(template_of(stack), "AWS::SecretsManager::RotationSchedule")["Properties"]["HostedRotationLambda"]
    assert function == {
        "ExcludeCharacters": PUNCTUATION,
        "KmsKeyArn": f"{KEY}1",
        "MasterSecretArn": SUPERUSER,
        "MasterSecretKmsKeyArn": f"{KEY}2",
        "RotationLambdaName": "rotate",
        "RotationType": "PostgreSQLMultiUser",
    }
    messages = json.dumps([entry.data for entry in secret.node.metadata])
    assert "the key of the superuser's secret Orders/Super must admit rotate: call key.allow(" in messages


def test_a_superusers_secret_that_can_be_told_is_told_of_the_function(stack: cdk.Stack) -> None:
    class Told(secretsmanager.Secret):
        def let_function_read(self, function_arn: str, roles: str) -> None:
            told.append(stack.resolve([function_arn, roles]))

    told: list[Any] = []
    rotation = Hosted(
        engine=DatabaseEngine.DB2,
        superuser=(superuser := Told(stack, "Super")),
        function_name="rotate",
        schedule=DAILY,
    )

    secret = attached(stack, rotation, of(DatabaseEngine.DB2, superuser=superuser))

    ((arn, roles),) = told
    assert arn == "arn:aws:lambda:eu-central-1:111122223333:function:rotate"
    assert ":role/Orders" in str(roles)
    assert "must admit" not in json.dumps([entry.data for entry in secret.node.metadata])


def test_nobody_can_name_the_role(stack: cdk.Stack) -> None:
    rotation = Hosted(engine=DatabaseEngine.ORACLE, function_name="rotate", schedule=DAILY)

    assert isinstance(rotation, Rotation)
    assert rotation.grantee is None
    assert str(rotation.hosted_function_arn(stack)).endswith(":lambda:eu-central-1:111122223333:function:rotate")


def test_every_rotation_of_the_cdk_has_its_engine_here() -> None:
    theirs = {
        getattr(HostedRotationType, name).name
        for name in dir(HostedRotationType)
        if name.endswith(("_SINGLE_USER", "_MULTI_USER"))
    }

    ours = {f"{engine.rotation_type}{users.value}" for engine in DatabaseEngine for users in HostedUsers}
    assert theirs == {name for name in ours if not name.startswith("Db2")}


def test_refuses_an_engine_that_aws_does_not_rotate() -> None:
    engine: Any = "cassandra"

    with pytest.raises(ConfigurationError) as refused:
        Hosted(engine=engine, function_name="rotate", schedule=DAILY)
    assert str(refused.value) == (
        "engine must be one of DatabaseEngine.POSTGRES, DatabaseEngine.MYSQL, DatabaseEngine.MARIADB, "
        "DatabaseEngine.ORACLE, DatabaseEngine.SQLSERVER, DatabaseEngine.DB2, DatabaseEngine.MONGO, "
        "DatabaseEngine.REDSHIFT; any other takes a RotationFunction, got 'cassandra'"
    )


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, cdk.Aws.STACK_NAME, None], ids=["", "b", "l", "token", "none"])
def test_refuses_a_name_that_is_no_literal_name_of_a_function(name: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^function_name must be 1 to 64 letters, digits, hyphens and under"):
        Hosted(engine=DatabaseEngine.MYSQL, function_name=name, schedule=DAILY)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"users": HostedUsers.ALTERNATING}, "superuser must be a secret for alternating users, got None"),
        (
            {"engine": DatabaseEngine.DB2},
            "superuser must be a secret for Db2, where nobody changes his own password, got None",
        ),
        ({"superuser": "arn"}, "superuser must be a secret, such as ManagedSecret(...), got 'arn'"),
        ({"users": "both"}, "users must be a HostedUsers of constructs_lib, got 'both'"),
        ({"schedule": "rate(1 day)"}, "schedule must be a RotationSchedule of constructs_lib, got 'rate(1 day)'"),
        ({"network": "vpc-1"}, "network must be a FunctionNetwork of constructs_lib, got 'vpc-1'"),
        ({"when_changed": 1}, "when_changed must be a WhenChanged of constructs_lib, got 1"),
    ],
    ids=["alternating", "db2", "no secret", "users", "schedule", "network", "when"],
)
def test_refuses_what_would_fail_at_the_first_rotation(told: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"engine": DatabaseEngine.MYSQL, "function_name": "rotate", "schedule": DAILY, **told}

    with pytest.raises(ConfigurationError) as refused:
        Hosted(**given)
    assert str(refused.value) == message


def test_refuses_a_superuser_for_one_user(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as refused:
        Hosted(engine=DatabaseEngine.MYSQL, function_name="rotate", schedule=DAILY, superuser=superuser_in(stack))
    assert str(refused.value) == (
        "superuser must be None for a single user of MySQL, got Orders/Super; say users=HostedUsers.ALTERNATING if "
        "two shall take turns"
    )


def mysql(function_name: str = "rotate") -> Hosted:
    return Hosted(engine=DatabaseEngine.MYSQL, function_name=function_name, schedule=DAILY)


def test_refuses_a_content_at_which_the_function_would_stop(stack: cdk.Stack) -> None:
    mysql().check(stack, of())
    for wrong in (of(DatabaseEngine.POSTGRES), Generated.text()):
        with pytest.raises(ConfigurationError, match=r"^(engine must be that of|content must hold the fields)"):
            mysql().check(stack, wrong)


def test_refuses_alternating_users_without_the_superusers_arn_in_the_content(stack: cdk.Stack) -> None:
    superuser = superuser_in(stack)
    rotation = Hosted(
        engine=DatabaseEngine.MYSQL,
        users=HostedUsers.ALTERNATING,
        superuser=superuser,
        function_name="rotate",
        schedule=DAILY,
    )

    rotation.check(stack, of(superuser=superuser))
    with pytest.raises(ConfigurationError, match=r"got one without masterarn$"):
        rotation.check(stack, of())


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (of(host=None), "host"),
        (Supplied.json("username", "password", "host"), "engine"),
        (Supplied.json("username", "password"), "engine and host"),
    ],
    ids=["generated", "no engine", "neither"],
)
def test_refuses_at_synthesis_a_secret_that_does_not_say_where_the_database_is(
    content: Content, missing: str, stack: cdk.Stack
) -> None:
    attached(stack, mysql(), content)

    with pytest.raises(RuntimeError, match=rf"\[Orders/Secret\] content must say {missing}, or the secret be attached"):
        template_of(stack)


def test_an_attachment_says_where_the_database_is(stack: cdk.Stack) -> None:
    secret = attached(stack, mysql(), of(host=None))
    (schedule,) = (each for each in secret.node.children if isinstance(each, secretsmanager.CfnRotationSchedule))
    schedule.secret_id = secretsmanager.CfnSecretTargetAttachment(
        stack, "Attachment", secret_id=secret.ref, target_id="orders", target_type="AWS::RDS::DBInstance"
    ).ref

    assert only(template_of(stack), "AWS::SecretsManager::RotationSchedule")


def test_refuses_a_second_secret_with_the_function_of_the_first(stack: cdk.Stack) -> None:
    attached(stack, mysql(), of(), "First")

    mysql("rotate-payments").check(stack, of())
    with pytest.raises(
        ConfigurationError, match=r"^function_name must be another one .* which is that of Orders/First"
    ):
        mysql().check(stack, of())
