"""ManagedSecret: who reads, writes and administers it, in one stack, in several, and in other accounts and Regions."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_rds as rds
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib import EncryptionKey, ExistingKey
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_settings import Lifecycle
from constructs_lib.managed_secret import ManagedSecret
from constructs_lib.secrets.contents import Content, DatabaseEngine, Generated, Supplied, unsafe_value
from constructs_lib.secrets.hosted import Hosted, HostedUsers
from constructs_lib.secrets.replicas import Replica
from constructs_lib.secrets.rotation import ByFunction
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from tests.conftest import configured_app
from tests.support.announcements import announcements
from tests.support.findings import COLLECT_ONLY, add_packs, collect_findings, unacknowledged
from tests.support.secret_stack import POLICY, allowed_to, key_of, role, secret_of, spared, statements
from tests.support.synthesised import granted, only, resources, template_of, written

SECRET, SCHEDULE = "AWS::SecretsManager::Secret", "AWS::SecretsManager::RotationSchedule"
HERE = cdk.Environment(account="111122223333", region="eu-west-1")
THERE = cdk.Environment(account="999988887777", region="eu-west-1")
FOREIGN = "arn:aws:iam::999988887777:role/Imported"
COPY_KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PLAIN = "correct horse battery staple"
MONTHLY = RotationSchedule.every(cdk.Duration.days(30))
CREDENTIALS = Generated.database(engine=DatabaseEngine.POSTGRES, username="app")


class _Neighbours:
    """Two stacks that know of each other, and one in another account: a secret that all of them read."""

    def __init__(self, directory: Path) -> None:
        app = configured_app(directory)
        self.home, self.next, self.far = (
            cdk.Stack(app, name, env=env) for name, env in (("Home", HERE), ("Next", HERE), ("Far", THERE))
        )
        neighbour = role(self.next, "Neighbour")
        self.secret = secret_of(
            self.home,
            readers=[role(self.home, "Reader"), neighbour, role(self.far, "Stranger"), iam.ArnPrincipal(FOREIGN)],
            writers=[role(self.next, "Writer")],
            administrators=[role(self.next, "Admin")],
        )
        cdk.CfnOutput(self.next, "Secret", value=self.secret.secret_arn)
        self.templates = [template_of(each) for each in (self.home, self.next, self.far)]
        self.said = announcements(str(directory), "Home", "info")


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> _Neighbours:
    return _Neighbours(tmp_path_factory.mktemp("neighbours"))


def test_a_role_of_another_stack_reads_without_a_reference_to_the_secret(neighbours: _Neighbours) -> None:
    (allowed,) = (
        each for each in allowed_to(neighbours.templates[1], "Neighbour") if "DescribeSecret" in str(each["Action"])
    )

    assert allowed["Resource"] == "arn:aws:secretsmanager:eu-west-1:111122223333:secret:SecretA720EF05-*-??????"


def test_the_secret_names_its_neighbours_by_name(neighbours: _Neighbours) -> None:
    found = statements(neighbours.templates[0])

    assert len(spared(found["DenyOthersReading"])) == 5
    assert any(":role/Neighbour-eu-west-1-" in each for each in spared(found["DenyOthersReading"]))
    assert any(":role/Writer-eu-west-1-" in each for each in spared(found["DenyOthersWriting"]))
    assert any(":role/Admin-eu-west-1-" in each for each in spared(found["DenyDeletion"]))


def test_with_the_key_in_a_stack_of_its_own_two_stacks_use_each_other(tmp_path: Path) -> None:
    app = configured_app(tmp_path)
    keys, home, other = (cdk.Stack(app, name, env=HERE) for name in ("Keys", "Home", "Other"))
    reader = role(other, "Reader")
    secret_of(home, encryption_key=key_of(keys), readers=[reader])
    cdk.CfnOutput(home, "Role", value=reader.role_name)

    template_of(home)

    assert [each.stack_name for each in other.dependencies] == ["Keys"]


def test_readers_of_another_account_are_allowed_on_both_sides(neighbours: _Neighbours) -> None:
    home, _, far = neighbours.templates
    found = statements(home)
    allowed = allowed_to(far, "Stranger")

    assert found["ForeignReaders"]["Principal"] == {"AWS": FOREIGN}
    assert ":role/Stranger-" in found["ForeignReadersByName"]["Condition"]["ArnEquals"]["aws:PrincipalArn"]
    assert found["DenyOutsiders"]["Condition"]["StringNotEquals"] == {
        "aws:PrincipalAccount": ["111122223333", "999988887777"]
    }
    assert {str(each["Action"]) for each in allowed} == {
        "kms:Decrypt",
        "kms:DescribeKey",
        "['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']",
    }


def test_the_other_account_is_told_what_to_add(neighbours: _Neighbours) -> None:
    (said,) = (each for each in neighbours.said if "called by its whole ARN" in each)

    assert said.startswith(f"policies of {FOREIGN} cannot be written from here and must allow")


def test_the_key_admits_each_for_this_secret_alone(neighbours: _Neighbours) -> None:
    admitted = [each for each in granted(neighbours.templates[0]).values() if "kms:Decrypt" in each["Action"]]

    context = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:SecretA720EF05-*-??????"
    assert {each["Condition"]["StringLike"]["kms:EncryptionContext:SecretARN"] for each in admitted} == {context}
    assert {each["Condition"]["StringEquals"]["kms:ViaService"] for each in admitted} == {
        "secretsmanager.eu-west-1.amazonaws.com"
    }


def test_keys_of_other_regions_admit_deployers_readers_and_writers_of_the_secret(tmp_path: Path) -> None:
    app = configured_app(tmp_path)
    home, there = (
        cdk.Stack(app, name, env=cdk.Environment(account="111122223333", region=region))
        for name, region in (("Home", "eu-west-1"), ("There", "us-east-1"))
    )
    copy = Replica(region="us-east-1", encryption_key=key_of(there))
    secret_of(home, readers=[role(there, "Reader")], writers=[role(home, "Writer")], replicas=[copy])

    template = template_of(there)  # with the guardrails, which look for the deployers

    found = {
        written(each["Condition"])["ArnEquals"]["aws:PrincipalArn"].split("/")[1][:13]
        if "ByName" in sid
        else "Reader": (
            each["Action"],
            each["Condition"]["StringEquals"]["kms:ViaService"],
        )
        for sid, each in granted(template).items()
    }
    through = "secretsmanager.us-east-1.amazonaws.com"
    assert found == {
        "cdk-hnb659fds": (["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], through),
        "Writer-eu-wes": (["kms:Decrypt", "kms:GenerateDataKey"], through),
        "Reader": ("kms:Decrypt", through),
    }


class _Alone:
    """One stack: a secret that a function rotates, one that AWS rotates, and one in two Regions."""

    def __init__(self, directory: Path) -> None:
        app = configured_app(directory, **COLLECT_ONLY)
        self.stack = stack = cdk.Stack(app, "Orders", env=HERE)
        key = key_of(stack)
        runtime, code = lambda_.Runtime.PYTHON_3_13, lambda_.Code.from_inline("def rotate(event, context): pass")
        function = lambda_.Function(stack, "Rotate", runtime=runtime, handler="index.rotate", code=code)
        rotated = ByFunction(function=function, schedule=MONTHLY)
        self.token = ManagedSecret(stack, "Token", encryption_key=key, content=Generated.text(), rotation=rotated)
        superuser = ManagedSecret(stack, "Super", encryption_key=key, content=CREDENTIALS, rotation=rotated)
        hosted = Hosted(
            engine=DatabaseEngine.POSTGRES,
            function_name="rotate-orders",
            schedule=MONTHLY,
            users=HostedUsers.ALTERNATING,
            superuser=superuser,
        )
        content = Generated.database(
            engine=DatabaseEngine.POSTGRES, username="app", superuser=superuser, host="orders.internal"
        )
        ManagedSecret(stack, "Credentials", encryption_key=key, content=content, rotation=hosted)
        copy = Replica(region="us-east-1", encryption_key=ExistingKey.from_arn(stack, "Copy", key_arn=COPY_KEY))
        ManagedSecret(
            stack,
            "Shared",
            encryption_key=key,
            content=Supplied.certificate(),
            secret_name="orders/shared",  # a name
            lifecycle=Lifecycle.EPHEMERAL,
            organization_id="o-a1b2c3d4e5",
            readers=[role(stack, "Reader")],
            replicas=[copy],
            rotation=rotated,
        )
        add_packs(app)
        self.findings = collect_findings(app)
        self.template: dict[str, Any] = json.loads((directory / stack.template_file).read_text())
        self.said = announcements(str(directory), "Orders", "info")

    def named(self, kind: str, name: str) -> dict[str, Any]:
        """Return a resource whose logical id starts so."""
        (found,) = (each for key, each in resources(self.template, kind).items() if key.startswith(name))
        return found


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> _Alone:
    return _Alone(tmp_path_factory.mktemp("alone"))


def test_rotated_secrets_are_clean_in_all_packs(alone: _Alone) -> None:
    of_secrets = [
        each
        for each in unacknowledged(alone.findings)
        if each.path.split("/")[1] in {"Token", "Super", "Credentials", "Shared"}
    ]

    assert of_secrets == []
    assert [each for each in alone.findings if each.plugin == "Key Management"] == []


def test_a_secret_that_nobody_rotates_stays_a_finding(tmp_path: Path) -> None:
    app = configured_app(tmp_path, **COLLECT_ONLY)
    stack = cdk.Stack(app, "Orders")
    secret_of(stack)
    code = lambda_.Code.from_inline("pass")  # every pack finds something, so that each is known to have looked
    lambda_.Function(stack, "Function", runtime=lambda_.Runtime.PYTHON_3_13, handler="index.a", code=code)
    add_packs(app)

    found = {each.rule for each in unacknowledged(collect_findings(app)) if "Secret/Resource" in each.path}

    assert found == {
        "AwsSolutions-SMG4",
        "HIPAA.Security-SecretsManagerRotationEnabled",
        "NIST.800.53.R5-SecretsManagerRotationEnabled",
    }


def test_a_function_rotates_with_exactly_what_it_takes(alone: _Alone) -> None:
    schedule = alone.named(SCHEDULE, "Token")
    allowed = [each for each in allowed_to(alone.template, "RotateServiceRole") if "${Token" in str(each["Resource"])]

    assert [each["Action"] for each in allowed] == [
        [
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
        ]
    ]
    assert {each.split("Policy")[0] for each in schedule["DependsOn"] if "Policy" in each} >= {"Token"}
    assert any(each.startswith("RotateServiceRoleDefaultPolicy") for each in schedule["DependsOn"])
    assert only(alone.template, "AWS::Lambda::Permission")["Properties"]["SourceAccount"] == "111122223333"


def test_a_hosted_rotation_is_known_by_its_function_and_reads_the_superuser(alone: _Alone) -> None:
    hosted = alone.named(SCHEDULE, "Credentials")["Properties"]["HostedRotationLambda"]
    policies = {name: written(each["Properties"]["ResourcePolicy"]) for name, each in _policies(alone.template).items()}

    assert hosted["RotationType"] == "PostgreSQLMultiUser"
    assert set(hosted["ExcludeCharacters"]) >= set("/'\"@")
    spared_sessions = {
        name.removesuffix("Policy"): [
            each["Sid"]
            for each in policy["Statement"]
            if "aws:userid" in str(each) and "AWSCloudFormation" not in str(each)
        ]
        for name, policy in policies.items()
    }
    assert spared_sessions == {
        "Token": [],
        "Shared": [],
        "Super": ["DenyOthersReading"],
        "Credentials": ["DenyOthersMoving", "DenyOthersReading", "DenyOthersWriting"],
    }


def test_an_alternating_user_names_the_secret_of_the_superuser(alone: _Alone) -> None:
    drawn = written(alone.named(SECRET, "Credentials")["Properties"]["GenerateSecretString"])

    fields = json.loads(drawn["SecretStringTemplate"])
    assert fields["masterarn"].startswith("${Super")


def test_a_replica_is_under_a_key_of_its_region_and_its_readers_read_it(alone: _Alone) -> None:
    allowed = allowed_to(alone.template, "Reader")

    assert alone.named(SECRET, "Shared")["Properties"]["ReplicaRegions"] == [
        {"KmsKeyId": COPY_KEY, "Region": "us-east-1"}
    ]
    vias = {each["Condition"]["StringEquals"]["kms:ViaService"] for each in allowed if "Condition" in each}
    assert vias == {"secretsmanager.eu-west-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com"}
    (reading,) = (each for each in allowed if "secretsmanager:GetSecretValue" in each["Action"])
    assert len(reading["Resource"]) == 2


def test_durable_secrets_stay_with_their_policies_and_ephemeral_ones_go(alone: _Alone) -> None:
    lives = {
        (kind.rpartition("::")[2], name): alone.named(kind, name)["DeletionPolicy"]
        for kind in (SECRET, POLICY)
        for name in ("Token", "Shared")
    }

    assert lives == {
        ("Secret", "Token"): "RetainExceptOnCreate",
        ("ResourcePolicy", "Token"): "RetainExceptOnCreate",
        ("Secret", "Shared"): "Delete",
        ("ResourcePolicy", "Shared"): "Delete",
    }


def test_an_organization_takes_the_place_of_accounts(alone: _Alone) -> None:
    (outsiders,) = (
        each
        for each in _policies(alone.template)["SharedPolicy"]["Properties"]["ResourcePolicy"]["Statement"]
        if each["Sid"] == "DenyOutsiders"
    )

    assert outsiders["Condition"]["StringNotEquals"]["aws:PrincipalOrgID"] == "o-a1b2c3d4e5"


def test_what_its_owner_must_know_is_announced(alone: _Alone) -> None:
    ids = sorted(each.rpartition("[ack: ")[2].rstrip("]") for each in alone.said)

    assert [each for each in ids if "secret" in each] == [
        "cdk-key-management:secret-name-taken",
        "cdk-key-management:secret-rotated-empty",
        "cdk-key-management:secret-value-missing",
    ]


def _policies(template: Mapping[str, Any]) -> dict[str, Any]:
    found = resources(dict(template), POLICY)
    return {name[:-8]: each for name, each in found.items()}


def test_only_an_unsafe_value_is_in_a_template(tmp_path: Path) -> None:
    stack = cdk.Stack(configured_app(tmp_path), "Orders")
    secret_of(stack, "Unsafe", content=unsafe_value(cdk.SecretValue.unsafe_plain_text(PLAIN)))
    secret_of(stack, "Supplied", content=Supplied.text())

    found = resources(template_of(stack), SECRET)

    (said,) = announcements(str(tmp_path), "Orders", "warning")
    assert "unsafe_value puts the value into the template" in said
    values = [each["Properties"].get("SecretString") for each in found.values()]
    assert sorted(values, key=str) == [None, PLAIN]
    texts = (path.read_text() for path in tmp_path.rglob("*.json") if not path.name.endswith("template.json"))
    assert PLAIN not in "".join(texts)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"content": PLAIN}, r"content must be Generated, or Supplied .* got a str"),
        ({"secret_name": "orders-abcdef"}, "secret_name must not end with a hyphen and six characters"),
        ({"encryption_key": None}, "encryption_key must be a key, got None"),
        ({"readers": "role"}, "readers must be a sequence"),
        ({"writers": [iam.ServicePrincipal("rds.amazonaws.com")]}, "writers must be roles and users, got the service"),
        ({"administrators": [iam.AnyPrincipal()]}, "administrators must be roles and users by name, got everybody"),
        ({"deployers": [iam.AccountRootPrincipal()]}, "deployers must be roles and users by name"),
        ({"replicas": ["us-east-1"]}, "replicas must be Replica"),
        ({"lifecycle": "DURABLE"}, "lifecycle must be a member of Lifecycle"),
        ({"rotation": MONTHLY}, r"rotation must be ByFunction\("),
        (
            {"rotation": Hosted(engine=DatabaseEngine.MYSQL, function_name="rotate", schedule=MONTHLY)},
            "content must hold the fields that the rotation reads.* password, username",
        ),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else "",
)
def test_refuses(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ConfigurationError, match=reason) as refused:
        secret_of(cdk.Stack(cdk.App(), "Orders"), **wrong)

    assert PLAIN not in str(refused.value)


def test_refuses_nothing_half_made() -> None:
    stack = cdk.Stack(cdk.App(), "Orders")
    content: Content = Generated.text()
    copy = Replica(region="us-east-1", encryption_key=ExistingKey.from_arn(stack, "Copy", key_arn=COPY_KEY))
    with pytest.raises(ConfigurationError, match="replicas must be in Regions of their own"):
        ManagedSecret(stack, "Secret", encryption_key=kms.Key(stack, "Key"), content=content, replicas=[copy, copy])

    assert stack.node.try_find_child("Secret") is None
    assert isinstance(EncryptionKey(stack, "Secret", alias="orders"), EncryptionKey)


@pytest.mark.parametrize("content", [Generated.text(), Supplied.text()])
def test_a_secret_that_is_taken_back_refers_to_nothing_new(content: Content, tmp_path: Path) -> None:
    taken_back: dict[str, Any] = {"cdk-key-management:take-back": "true"}
    app = configured_app(tmp_path, **taken_back)
    stack = cdk.Stack(app, "Orders", env=HERE)
    named = [role(stack, "Reader"), iam.ArnPrincipal("arn:aws:iam::111122223333:role/Known")]
    secret_of(stack, readers=named, content=content)

    template = template_of(stack)

    assert "DependsOn" not in only(template, SECRET)
    assert "AWS::CloudFormation::WaitCondition" not in {each["Type"] for each in template["Resources"].values()}
    deployer = "arn:${AWS::Partition}:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1"
    assert spared(statements(template)["DenyOthersReading"]) == {"arn:aws:iam::111122223333:role/Known", deployer}


def test_a_role_that_the_function_was_given_may_rotate_before_it_is_asked_to(tmp_path: Path) -> None:
    stack = cdk.Stack(configured_app(tmp_path), "Orders", env=HERE)
    function = lambda_.Function(
        stack,
        "Rotate",
        runtime=lambda_.Runtime.PYTHON_3_13,
        handler="index.rotate",
        code=lambda_.Code.from_inline("def rotate(event, context): pass"),
        role=role(stack, "Given"),
    )
    secret_of(stack, rotation=ByFunction(function=function, schedule=MONTHLY))

    waits_for = only(template_of(stack), SCHEDULE)["DependsOn"]

    assert [each for each in waits_for if each.startswith("GivenDefaultPolicy")]


@pytest.mark.parametrize("name", ["Token", "Shared"])
def test_every_content_is_pinned(name: str, alone: _Alone) -> None:
    (pin,) = alone.named(SECRET, name)["DependsOn"]

    assert alone.template["Resources"][pin]["Type"] == "AWS::CloudFormation::WaitCondition"


def _rotated(stack: cdk.Stack, function: cdk.Stack) -> ManagedSecret:
    code = lambda_.Code.from_inline("def rotate(event, context): pass")
    runtime = lambda_.Runtime.PYTHON_3_13
    rotating = lambda_.Function(function, "Rotate", runtime=runtime, handler="index.rotate", code=code)
    return secret_of(stack, content=CREDENTIALS, rotation=ByFunction(function=rotating, schedule=MONTHLY))


def test_a_function_of_another_stack_rotates_without_a_cycle(tmp_path: Path) -> None:
    app = configured_app(tmp_path)
    home, other = (cdk.Stack(app, name, env=HERE) for name in ("Home", "Other"))
    _rotated(home, other)

    mine, theirs = template_of(home), template_of(other)

    assert home.dependencies == []
    assert resources(mine, SCHEDULE) == {}
    assert only(theirs, SCHEDULE)["Properties"]["RotateImmediatelyOnUpdate"] is True
    assert any(":role/" in each for each in spared(statements(mine)["DenyOthersReading"]))


@pytest.mark.parametrize("place", ["Home", "Other"])
def test_who_administers_a_rotated_secret_may_invoke_its_function_and_nobody_else_may(
    tmp_path: Path, place: str
) -> None:
    app = configured_app(tmp_path)
    stacks = {name: cdk.Stack(app, name, env=HERE) for name in ("Home", "Other")}
    secret = _rotated(stacks["Home"], stacks[place])
    near, far = role(stacks["Home"], "Near"), role(stacks["Other"], "Far", role_name="far")
    secret.grant_administer(near)
    secret.grant_administer(far)
    secret.grant_read(role(stacks["Home"], "Reader"))

    templates = {name: template_of(stack) for name, stack in stacks.items()}

    by_name = "arn:aws:lambda:eu-west-1:111122223333:function:"
    here, there = (
        [each["Resource"] for each in allowed_to(templates[name], person) if each["Action"] == "lambda:InvokeFunction"]
        for name, person in (("Home", "Near"), ("Other", "Far"))
    )
    assert len(here) == len(there) == 1
    assert str(there[0]).startswith(f"{by_name}{place}-Rotate")
    assert str(here[0]).startswith(f"{by_name}Other-Rotate" if place == "Other" else "${Rotate")
    assert not [each for each in allowed_to(templates["Home"], "Reader") if each["Action"] == "lambda:InvokeFunction"]


def test_a_database_beside_the_secret_is_known_before_it_is_rotated(tmp_path: Path) -> None:
    app = configured_app(tmp_path)
    home, other = (cdk.Stack(app, name, env=HERE) for name in ("Home", "Other"))
    secret, elsewhere = _rotated(home, home), _Database(other)
    with pytest.raises(ConfigurationError, match="target must be in the stack of a secret with rotation="):
        secret.attach(elsewhere)

    secret.attach(_Database(home))

    schedule = only(template_of(home), SCHEDULE)
    assert schedule["Properties"]["SecretId"]["Ref"].startswith("SecretAttachment")


class _Database:
    def __init__(self, stack: cdk.Stack) -> None:
        self._instance = rds.CfnDBInstance(stack, "Database", storage_encrypted=True)

    def as_secret_attachment_target(self) -> secretsmanager.SecretAttachmentTargetProps:
        return secretsmanager.SecretAttachmentTargetProps(
            target_id=self._instance.ref, target_type=secretsmanager.AttachmentTargetType.RDS_DB_INSTANCE
        )
