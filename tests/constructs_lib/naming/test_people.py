from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import ConfigurationError, EncryptionKey
from tests.support.synthesised import app_of, key_statements, template_of

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
SIDS = {
    "administrators": "Administrators",
    "encrypters": "Encrypters",
    "decrypters": "Decrypters",
    "auditors": "Auditors",
    "deployers": "DeployersThroughServices",
}


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


def people(stack: cdk.Stack) -> list[iam.IGrantable]:
    other = cdk.Stack(app_of(stack), "W", env=IRELAND)
    return [
        iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()),
        iam.User(stack, "User"),
        iam.ArnPrincipal("arn:aws:iam::444455556666:role/Far"),
        iam.Role.from_role_arn(stack, "Imported", "arn:aws:iam::111122223333:role/team/Imported"),
        iam.Role.from_role_arn(stack, "Fixed", "arn:aws:iam::111122223333:role/team/Fixed", mutable=False),
        iam.Role.from_role_name(stack, "ByName", "ByName"),
        iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal(), role_name="Named", path="/team/"),
    ]


@pytest.mark.parametrize("argument", SIDS)
def test_a_kind_of_person_is_one_statement_by_identity_and_one_by_name(argument: str, stack: cdk.Stack) -> None:
    option: dict[str, Any] = {argument: people(stack)}
    EncryptionKey(stack, "Key", **option)

    statements = key_statements(template_of(stack))
    near, far = statements[SIDS[argument]], statements[f"{SIDS[argument]}ByName"]
    assert near["Principal"] == {
        "AWS": [
            "${Role1ABCC5F0.Arn}",
            "${User00B015A1.Arn}",
            "arn:aws:iam::111122223333:role/ByName",
            "arn:aws:iam::111122223333:role/team/Fixed",
            "arn:aws:iam::111122223333:role/team/Imported",
            "arn:aws:iam::444455556666:role/Far",
        ]
    }
    assert far["Principal"] == {"AWS": "arn:aws:iam::111122223333:root"}
    assert far["Condition"]["ArnEquals"] == {"aws:PrincipalArn": "arn:aws:iam::111122223333:role/team/Named"}
    assert near["Action"] == far["Action"]


@pytest.mark.parametrize("argument", SIDS)
def test_refuses_a_person_named_twice(argument: str, stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    somebody = iam.ArnPrincipal("arn:aws:iam::111122223333:role/Reader")
    for number, twice in enumerate(([role, somebody, role], [role, iam.SessionTagsPrincipal(role)])):
        option: dict[str, Any] = {argument: twice}
        with pytest.raises(ConfigurationError, match=rf"^{argument} must name each person once, got .*Role.* twice$"):
            EncryptionKey(stack, f"Key{number}", **option)


def test_the_order_of_people_changes_nothing(make_app: MakeApp) -> None:
    def statements(step: int) -> Any:
        stack = cdk.Stack(make_app(), "S", env=IRELAND)
        EncryptionKey(stack, "Key", decrypters=people(stack)[::step])
        return key_statements(template_of(stack))

    assert statements(1) == statements(-1)


def test_somebody_may_encrypt_and_decrypt_and_read_metadata(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    EncryptionKey(stack, "Key", encrypters=[role], decrypters=[role], auditors=[role])

    named = [sid for sid, each in key_statements(template_of(stack)).items() if "Role" in str(each["Principal"])]
    assert named == ["Encrypters", "Decrypters", "Auditors"]


def test_refuses_a_person_by_the_name_of_the_argument_and_names_nobody(stack: cdk.Stack) -> None:
    other = cdk.Stack(app_of(stack), "W", env=IRELAND)
    group = iam.Group(other, "Group")

    with pytest.raises(
        ConfigurationError, match=r"^\[S/Key\] auditors must be a role, a user or a service, got a group"
    ):
        EncryptionKey(stack, "Key", auditors=[group])


@pytest.mark.parametrize(
    "account",
    [
        iam.AccountRootPrincipal(),
        iam.AccountPrincipal("444455556666"),
        iam.ArnPrincipal("arn:aws:iam::111122223333:root"),
    ],
)
def test_refuses_a_whole_account_as_deployer(account: iam.IGrantable, stack: cdk.Stack) -> None:
    with pytest.raises(
        ConfigurationError,
        match=r"^deployers must be roles or users, got the whole account arn:.*:root, whose every role could then use "
        r"the key through AWS services; name the role that deploys$",
    ):
        EncryptionKey(stack, "Key", deployers=[account])


def test_refuses_everybody_as_deployer(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match=r"^deployers must name somebody, got everybody, '\*'$"):
        EncryptionKey(stack, "Key", deployers=[iam.StarPrincipal()])
