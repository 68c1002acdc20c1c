"""Arguments of an encryption key that cannot work, each one thing away from a key that does."""

import re
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, EncryptionKey, Lifecycle, with_context
from tests.support.synthesised import app_of

MakeApp = Callable[..., cdk.App]
READER = "arn:aws:iam::111122223333:role/Reader"
ALIAS = "alias must be 1 to 250 letters, digits and :/_- beside a prefix alias/ and not begin with aws/, got "
ROTATION = "rotation_period must be a Duration of 90 to 2560 whole days, got "
WAITING = "waiting_period must be a Duration of 7 to 30 whole days, got "
EPHEMERAL = "waiting_period must be left out for an ephemeral key, which has 7 days, got "
SERVICES = "services must be names such as lambda or rds, the first part of kms:ViaService, got "
TAG_KEY = "tags must have keys of 1 to 128 characters that do not begin with aws:, got "


def named(value: object) -> str | None:
    """Name a case by its options, the same in every process; pytest tells equal names apart."""
    return "-".join(value) if isinstance(value, dict) else None


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S")


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"rotation_period": cdk.Duration.days(89)}, ROTATION + "89 days"),
        ({"rotation_period": cdk.Duration.days(2561)}, ROTATION + "2561 days"),
        ({"rotation_period": cdk.Duration.days(0)}, ROTATION + "0 days"),
        ({"rotation_period": cdk.Duration.hours(24 * 90 + 12)}, ROTATION + "90 days 12 hours"),
        ({"rotation_period": cdk.Duration.seconds(86_400 * 90 + 1)}, ROTATION + "90 days 1 second"),
        ({"rotation_period": 365}, ROTATION + "365"),
        ({"waiting_period": cdk.Duration.days(6)}, WAITING + "6 days"),
        ({"waiting_period": cdk.Duration.days(31)}, WAITING + "31 days"),
        ({"waiting_period": cdk.Duration.hours(24 * 7 + 1)}, WAITING + "7 days 1 hour"),
        ({"waiting_period": 7}, WAITING + "7"),
        (
            {"lifecycle": Lifecycle.EPHEMERAL, "waiting_period": cdk.Duration.days(7)},
            EPHEMERAL + "7 days",
        ),
        ({"lifecycle": Lifecycle.EPHEMERAL, "waiting_period": 7}, EPHEMERAL + "7"),
        ({"lifecycle": "DURABLE"}, "lifecycle must be a member of Lifecycle, got 'DURABLE'"),
        ({"lifecycle": None}, "lifecycle must be a member of Lifecycle, got None"),
        ({"administration": "ONLY_NAMED"}, "administration must be a member of Administration, got 'ONLY_NAMED'"),
        ({"administration": False}, "administration must be a member of Administration, got False"),
        ({"unnamed_roles": "GIVE_NAME"}, "unnamed_roles must be a member of UnnamedRoles, got 'GIVE_NAME'"),
        ({"alias": ""}, ALIAS + "''"),
        ({"alias": "alias/alias/orders"}, ALIAS + "'alias/alias/orders'"),
        ({"alias": "ALIAS/orders"}, ALIAS + "'ALIAS/orders'"),
        ({"alias": "aws/orders"}, ALIAS + "'aws/orders'"),
        ({"alias": "AWS/orders"}, ALIAS + "'AWS/orders'"),
        ({"alias": "my orders"}, ALIAS + "'my orders'"),
        ({"alias": "order.s"}, ALIAS + "'order.s'"),
        ({"alias": "bestellungen-ü"}, ALIAS + "'bestellungen-ü'"),
        ({"alias": "orders\n"}, ALIAS + "'orders\\n'"),
        ({"alias": "x" * 251}, ALIAS + repr("x" * 251)),
        ({"description": "x" * 8193}, "description must be at most 8192 characters, got 8193"),
        ({"services": "lambda"}, "services must be a sequence of names, got 'lambda'"),
        ({"services": ["Lambda"]}, SERVICES + "'Lambda'; did you mean 'lambda'?"),
        ({"services": ["s3.eu-west-1.amazonaws.com"]}, SERVICES + "'s3.eu-west-1.amazonaws.com'; did you mean 's3'?"),
        ({"tags": {f"k{number}": "" for number in range(51)}}, "tags must be at most 50, got 51"),
        ({"tags": {"": "x"}}, TAG_KEY + "''"),
        ({"tags": {"k" * 129: "x"}}, TAG_KEY + repr("k" * 129)),
        ({"tags": {"aws:owner": "x"}}, TAG_KEY + "'aws:owner'"),
        ({"tags": {"AWS:owner": "x"}}, TAG_KEY + "'AWS:owner'"),
        ({"tags": {"k": "v" * 257}}, "tags must have values of at most 256 characters, got 257 for 'k'"),
    ],
    ids=named,
)
def test_refuses_a_value_out_of_range(option: dict[str, Any], message: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as refused:
        EncryptionKey(stack, "Key", **option)
    assert str(refused.value) == message


@pytest.mark.parametrize("service", ["", "*"])
def test_refuses_services_that_none_is_meant_by(service: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{SERVICES}{re.escape(repr(service))}$"):
        EncryptionKey(stack, "Key", services=["rds", service])


@pytest.mark.parametrize(
    "option",
    [{"rotation_period": cdk.Duration.days(89)}, {"tags": {"": ""}}, {"services": ["*"]}, {"lifecycle": "DURABLE"}],
    ids=named,
)
def test_a_refused_key_leaves_nothing_behind(option: dict[str, Any], stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError):
        EncryptionKey(stack, "Key", **option)

    assert stack.node.children == []


PEOPLE = ["administrators", "encrypters", "decrypters", "auditors", "deployers"]


@pytest.mark.parametrize("argument", PEOPLE)
def test_refuses_people_that_are_no_sequence(argument: str, stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())

    for people, got in ((role, "Role"), ("arn:aws:iam::111122223333:role/Reader", "str"), (None, "NoneType")):
        option: dict[str, Any] = {argument: people}
        with pytest.raises(ConfigurationError) as refused:
            EncryptionKey(stack, f"Key{got}", **option)
        assert str(refused.value) == f"{argument} must be a sequence of IAM principals, got {got}"


@pytest.mark.parametrize("argument", PEOPLE)
@pytest.mark.parametrize("person", ["arn:aws:iam::111122223333:role/Reader", None, 7])
def test_refuses_people_that_are_no_principals(argument: str, person: object, stack: cdk.Stack) -> None:
    option: dict[str, Any] = {argument: [person]}
    with pytest.raises(ConfigurationError) as refused:
        EncryptionKey(stack, "Key", **option)
    assert str(refused.value) == (
        f"{argument} must be IAM principals or what has one, such as iam.ArnPrincipal(...), a role or a function, "
        f"got {person!r}"
    )


@pytest.mark.parametrize("argument", PEOPLE)
def test_refuses_a_group(argument: str, stack: cdk.Stack) -> None:
    groups = (
        iam.Group(stack, "Group"),
        iam.Group.from_group_arn(stack, "Imported", "arn:aws:iam::111122223333:group/Readers"),
        iam.ArnPrincipal("arn:aws:iam::111122223333:group/Readers"),
    )
    for number, group in enumerate(groups):
        option: dict[str, Any] = {argument: [group]}
        with pytest.raises(ConfigurationError) as refused:
            EncryptionKey(stack, f"Key{number}", **option)
        assert str(refused.value) == (
            f"[S/Key{number}] {argument} must be a role, a user or a service, got a group: KMS takes none"
        )


@pytest.mark.parametrize("argument", ["administrators", "encrypters", "decrypters", "auditors", "deployers"])
@pytest.mark.parametrize("everybody", [iam.AnyPrincipal, iam.StarPrincipal])
def test_refuses_everybody(argument: str, everybody: Any, stack: cdk.Stack) -> None:
    option: dict[str, Any] = {argument: [everybody()]}
    with pytest.raises(ConfigurationError, match=rf"^{argument} must name somebody, got everybody, '\*'$"):
        EncryptionKey(stack, "Key", **option)


@pytest.mark.parametrize("argument", PEOPLE)
def test_refuses_a_service(argument: str, stack: cdk.Stack) -> None:
    for number, service in enumerate((
        iam.ServicePrincipal("s3.amazonaws.com"),
        iam.CompositePrincipal(
            iam.ArnPrincipal("arn:aws:iam::111122223333:role/Reader"), iam.ServicePrincipal("s3.amazonaws.com")
        ),
    )):
        option: dict[str, Any] = {argument: [service]}
        with pytest.raises(ConfigurationError) as refused:
            EncryptionKey(stack, f"Key{number}", **option)
        assert str(refused.value) == (
            f"{argument} must be people and roles, got the service s3.amazonaws.com; admit a service to one use of the "
            "key by key.allow(...), or to exact actions by key.grant(...)"
        )


@pytest.mark.parametrize("argument", PEOPLE)
def test_refuses_a_managed_policy(argument: str, stack: cdk.Stack) -> None:
    option: dict[str, Any] = {argument: [iam.ManagedPolicy(stack, "Managed")]}
    with pytest.raises(ConfigurationError, match="a key policy must name what exists in its stack, got a token that"):
        EncryptionKey(stack, "Key", **option)


@pytest.mark.parametrize("argument", ["administrators", "auditors"])
def test_refuses_an_encryption_context_on_what_carries_none(argument: str, stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    option: dict[str, Any] = {argument: [with_context(role, {"tenant": "a"})]}

    with pytest.raises(
        ConfigurationError,
        match=rf"^{argument}: conditions must bind an encryption context only to actions that carry one, got "
        "kms:EncryptionContext:tenant on kms:.* others; allow these to the principal without the context, beside it$",
    ):
        EncryptionKey(stack, "Key", **option)


@pytest.mark.parametrize(
    "person", [iam.OrganizationPrincipal("o-a1b2c3d4e5"), iam.ArnPrincipal(READER)], ids=["*", "arn"]
)
def test_refuses_deployers_with_conditions_under_which_nobody_might_change_the_key(
    person: iam.IPrincipal, stack: cdk.Stack
) -> None:
    deployer = iam.PrincipalWithConditions(person, {"Bool": {"aws:MultiFactorAuthPresent": "true"}})

    with pytest.raises(
        ConfigurationError, match=r"^deployers must be principals without conditions, got conditions on"
    ) as refused:
        EncryptionKey(stack, "Key", deployers=[deployer])
    assert "aws:MultiFactorAuthPresent" in str(refused.value)


@pytest.mark.parametrize(
    "value", ["Reader", "arn:aws:s3:::orders", "arn:aws:iam::111122223333", "AIDACKCEVSQ6C2EXAMPLE"]
)
def test_refuses_an_arn_that_is_nobodys(value: str, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as refused:
        EncryptionKey(stack, "Key", decrypters=[iam.ArnPrincipal(value)])
    assert str(refused.value) == (f"[S/Key] decrypters must be the ARN of a role, a user or an account, got {value!r}")


@pytest.mark.parametrize(
    ("naming", "message"),
    [
        ("{Name}", "must have a name that is known at synthesis, got {'Ref': 'Name'}"),
        ("reader-{Name}", "must have a name that is known at synthesis, got {'Fn::Join':"),
        ("reader-{StackName}", "must have a name that is known at synthesis, got {'Fn::Join':"),
    ],
)
def test_refuses_a_role_of_another_stack_whose_name_only_its_deployment_knows(
    naming: str, message: str, stack: cdk.Stack
) -> None:
    other = cdk.Stack(app_of(stack), "Other")
    parameter = cdk.CfnParameter(other, "Name")
    name = naming.format(Name=parameter.value_as_string, StackName=cdk.Aws.STACK_NAME)
    role = iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal(), role_name=name)

    with pytest.raises(ConfigurationError) as refused:
        EncryptionKey(stack, "Key", decrypters=[role])
    assert f"[Other/Role/Resource] a role that is named by name {message}" in str(refused.value)


def test_refuses_a_role_of_another_stack_whose_path_only_its_deployment_knows(stack: cdk.Stack) -> None:
    other = cdk.Stack(app_of(stack), "Other")
    path = cdk.CfnParameter(other, "Path").value_as_string
    role = iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal(), path=path, role_name="Reader")

    with pytest.raises(ConfigurationError, match=r"must have a path that is known at synthesis, got {'Ref': 'Path'}"):
        EncryptionKey(stack, "Key", decrypters=[role])


def test_refuses_an_administrator_who_encrypts(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())

    with pytest.raises(ConfigurationError, match=r"^encrypters must be other people than the administrators, got "):
        EncryptionKey(stack, "Key", administrators=[role], encrypters=[role])
