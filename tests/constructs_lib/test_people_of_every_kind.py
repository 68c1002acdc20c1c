"""People that a key of any kind cannot have: each refusal names the argument."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib import (
    AgreementKey,
    AsymmetricEncryptionKey,
    ConfigurationError,
    EncryptionKey,
    MacKey,
    SigningKey,
)
from tests.support.synthesised import app_of

MakeApp = Callable[..., cdk.App]
USERS = {
    EncryptionKey: ("encrypters", "decrypters"),
    AsymmetricEncryptionKey: ("encrypters", "decrypters"),
    SigningKey: ("signers", "verifiers"),
    MacKey: ("generators", "verifiers"),
    AgreementKey: ("derivers", "peers"),
}
USES = [(kind, argument) for kind, users in USERS.items() for argument in users]
ARGUMENTS = [
    (kind, argument)
    for kind, users in USERS.items()
    for argument in (*users, "administrators", "auditors", "deployers")
]
ARN = "arn:aws:iam::111122223333:role/Reader"
NO_PRINCIPALS = (
    "arn:aws:s3:::bucket",
    "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "arn:aws:iam::111122223333:policy/Readers",
    "arn:aws:iam::111122223333:instance-profile/Readers",
    "arn:aws:iam::111122223333:saml-provider/Company",
    "arn:aws:lambda:eu-west-1:111122223333:function:reader",
    "arn:aws:iam::1111:role/Reader",
    "arn:aws:iam::1111:root",
    "arn:aws:iam::aws:role/Reader",
    "Reader",
)


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="eu-west-1"))


def role(stack: cdk.Stack, name: str = "Role", **options: Any) -> iam.Role:
    return iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal(), **options)


def refusal(kind: Any, stack: cdk.Stack, **people: Any) -> str:
    with pytest.raises(ConfigurationError) as refused:
        kind(stack, "Key", **people)
    return str(refused.value)


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS)
def test_refuses_people_that_are_no_sequence(kind: Any, argument: str, stack: cdk.Stack) -> None:
    assert refusal(kind, stack, **{argument: ARN}) == f"{argument} must be a sequence of IAM principals, got str"


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS)
def test_refuses_people_that_are_no_principals(kind: Any, argument: str, stack: cdk.Stack) -> None:
    assert refusal(kind, stack, **{argument: [ARN]}).startswith(f"{argument} must be IAM principals or what has one, ")


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS)
def test_refuses_a_group(kind: Any, argument: str, stack: cdk.Stack) -> None:
    group = iam.Group.from_group_arn(stack, "Group", "arn:aws:iam::111122223333:group/Readers")

    assert refusal(kind, stack, **{argument: [group]}) == (
        f"[S/Key] {argument} must be a role, a user or a service, got a group: KMS takes none"
    )


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS)
def test_refuses_somebody_twice(kind: Any, argument: str, stack: cdk.Stack) -> None:
    somebody = iam.ArnPrincipal(ARN)

    assert refusal(kind, stack, **{argument: [somebody, role(stack), iam.ArnPrincipal(ARN)]}) == (
        f"{argument} must name each person once, got {ARN} twice"
    )


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS)
def test_refuses_an_arn_of_what_is_no_principal(kind: Any, argument: str, stack: cdk.Stack) -> None:
    for number, arn in enumerate(NO_PRINCIPALS):
        with pytest.raises(ConfigurationError) as refused:
            kind(stack, f"Key{number}", **{argument: [iam.ArnPrincipal(arn)]})
        assert str(refused.value) == (
            f"[S/Key{number}] {argument} must be the ARN of a role, a user or an account, got {arn!r}"
        )


@pytest.mark.parametrize(("kind", "argument"), USES)
def test_refuses_an_administrator_who_uses_the_key(kind: Any, argument: str, stack: cdk.Stack) -> None:
    other = cdk.Stack(app_of(stack), "W", env=cdk.Environment(account="111122223333", region="eu-west-1"))
    for person in (role(stack), role(other, role_name="Named"), iam.ArnPrincipal(ARN)):
        construct_id = f"Key{id(person)}"
        with pytest.raises(ConfigurationError, match=f"^{argument} must be other people than the administrators, got "):
            kind(stack, construct_id, administrators=[person], **{argument: [person]})


@pytest.mark.parametrize(("kind", "argument"), USES)
def test_refuses_a_grant_of_use_to_an_administrator(kind: Any, argument: str, stack: cdk.Stack) -> None:
    administrator = role(stack)
    key = kind(stack, "Key", administrators=[administrator])

    with pytest.raises(
        ConfigurationError, match=r"grantee must be somebody else than an administrator of the key, got "
    ):
        key.grant(administrator, *key.kind.actions_of(argument))


@pytest.mark.parametrize(("kind", "argument"), [use for use in USES if use[0] is not EncryptionKey])
def test_refuses_an_encryption_context_where_requests_carry_none(kind: Any, argument: str, stack: cdk.Stack) -> None:
    person = iam.PrincipalWithConditions(role(stack), {"StringEquals": {"kms:EncryptionContext:tenant": "blue"}})

    assert f"{argument}: conditions must bind an encryption context only to actions that carry one" in refusal(
        kind, stack, **{argument: [person]}
    )


@pytest.mark.parametrize("kind", USERS)
@pytest.mark.parametrize("argument", ["administrators", "auditors"])
def test_refuses_an_encryption_context_on_what_is_no_use(kind: Any, argument: str, stack: cdk.Stack) -> None:
    person = iam.PrincipalWithConditions(role(stack), {"StringEquals": {"kms:EncryptionContext:tenant": "blue"}})

    assert f"{argument}: conditions must bind an encryption context only to actions that carry one" in refusal(
        kind, stack, **{argument: [person]}
    )


@pytest.mark.parametrize(("kind", "argument"), USES)
def test_refuses_use_by_tag_or_alias(kind: Any, argument: str, stack: cdk.Stack) -> None:
    said = f"^{argument}: conditions must not make the use of a key depend on its tags or aliases"
    for number, name in enumerate(("kms:ResourceAliases", "kms:RequestAlias", "aws:ResourceTag/team")):
        person = iam.PrincipalWithConditions(role(stack, f"Role{number}"), {"StringEquals": {name: "x"}})
        with pytest.raises(ConfigurationError, match=said):
            kind(stack, f"Key{number}", **{argument: [person]})
