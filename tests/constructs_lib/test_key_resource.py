"""What grants make of a key's policy; and that a refusal changes nothing."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from constructs_lib import ConfigurationError, EncryptionKey
from constructs_lib.key_kind import SYMMETRIC
from tests.support.synthesised import app_of, granted, iam_statements, key_statements, template_of

MakeApp = Callable[..., cdk.App]


IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")


READER, WRITER = (iam.ArnPrincipal(f"arn:aws:iam::111122223333:role/{name}") for name in ("Reader", "Writer"))


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


@pytest.fixture
def key(stack: cdk.Stack) -> EncryptionKey:
    return EncryptionKey(stack, "Key")


def role(scope: cdk.Stack, construct_id: str = "Role", **options: Any) -> iam.Role:
    return iam.Role(scope, construct_id, assumed_by=iam.AccountRootPrincipal(), **options)


def allow(actions: Any, principal: Any = "arn:aws:iam::111122223333:role/Reader", **rest: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": actions, **rest}


ENCRYPT = ["kms:Encrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"]


@pytest.mark.parametrize(
    ("grant", "actions"),
    [
        ("grant_decrypt", "kms:Decrypt"),
        ("grant_encrypt", ENCRYPT),
        ("grant_encrypt_decrypt", ["kms:Decrypt", *ENCRYPT]),
    ],
)
def test_a_grant_gives_exactly_its_actions_on_both_sides(
    grant: str, actions: Any, stack: cdk.Stack, key: EncryptionKey
) -> None:
    reader = role(stack)
    given = getattr(key, grant)(reader)

    template = template_of(stack)
    assert list(granted(template).values()) == [allow(actions, "${Role1ABCC5F0.Arn}")]
    assert iam_statements(template) == [{"Effect": "Allow", "Action": actions, "Resource": "${Key961B73FD.Arn}"}]
    assert given.success
    assert given.principal_statement is not None


def test_grants_to_one_caller_are_one_statement(stack: cdk.Stack, key: EncryptionKey) -> None:
    for action in ("kms:Encrypt", "kms:Decrypt", "kms:decrypt", "kms:Encrypt*"):
        key.grant(READER, action)

    assert granted(template_of(stack)) == {"GrantedDecryptEncrypt": allow(["kms:Decrypt", "kms:Encrypt"])}


def test_swapping_two_grants_changes_nothing(make_app: MakeApp) -> None:
    def policy(*order: int) -> Any:
        stack = cdk.Stack(make_app(), "S")
        other = cdk.Stack(app_of(stack), "W")
        key = EncryptionKey(stack, "Key")
        grantees = (
            role(stack, "A"),
            role(stack, "B"),
            role(other, "C"),
            iam.ServicePrincipal("sagemaker.amazonaws.com"),
        )
        for number in order:
            key.grant_decrypt(grantees[number])
            key.grant(grantees[number], "kms:CreateGrant")
        return key_statements(template_of(stack))

    first = policy(0, 1, 2, 3)
    assert list(first.items()) == list(policy(3, 2, 1, 0).items()) == list(policy(2, 0, 3, 1).items())


def test_create_grant_is_for_aws_resources_on_both_sides(stack: cdk.Stack, key: EncryptionKey) -> None:
    key.grant(role(stack), "kms:CreateGrant", "kms:DescribeKey")

    template = template_of(stack)
    arn = "${Role1ABCC5F0.Arn}"
    for_aws = {"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}}
    assert list(granted(template).values()) == [allow("kms:CreateGrant", arn, **for_aws), allow("kms:DescribeKey", arn)]
    assert sorted(iam_statements(template), key=str) == sorted(
        [
            {"Effect": "Allow", "Action": "kms:DescribeKey", "Resource": "${Key961B73FD.Arn}"},
            {"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "${Key961B73FD.Arn}", **for_aws},
        ],
        key=str,
    )


def test_a_service_gets_a_grant_of_the_key_policy_alone(stack: cdk.Stack, key: EncryptionKey) -> None:
    given = key.grant_decrypt(iam.ServicePrincipal("sns.amazonaws.com"))

    assert given.success
    assert given.principal_statement is None
    assert given.resource_statement is not None
    assert iam_statements(template_of(stack)) == []


def test_grants_can_be_waited_for(stack: cdk.Stack, key: EncryptionKey) -> None:
    waiting = cdk.CfnResource(stack, "Waiting", type="AWS::SNS::Topic")
    key.grant_decrypt(iam.ServicePrincipal("sns.amazonaws.com")).apply_before(waiting)
    key.grant_decrypt(role(stack)).apply_before(waiting)

    depends = template_of(stack)["Resources"]["Waiting"]["DependsOn"]
    assert "Key961B73FD" in depends
    assert any(name.startswith("RoleDefaultPolicy") for name in depends)


def test_a_grant_made_late_by_an_aspect_arrives(stack: cdk.Stack, key: EncryptionKey) -> None:
    @jsii.implements(cdk.IAspect)
    class Late:
        def visit(self, node: Any) -> None:
            if node is stack:
                key.grant_decrypt(READER)

    cdk.Aspects.of(stack).add(Late())

    assert granted(template_of(stack)) == {"GrantedDecrypt": allow("kms:Decrypt")}


def test_the_cdks_own_grant_methods_write_into_the_key_policy(stack: cdk.Stack, key: EncryptionKey) -> None:
    kms.KeyGrants.from_key(key, False).decrypt(role(stack))  # noqa: FBT003  # as the CDK has it

    assert granted(template_of(stack)) == {"GrantedDecrypt": allow("kms:Decrypt", "${Role1ABCC5F0.Arn}")}


@pytest.mark.parametrize(
    ("method", "use"),
    [
        ("grant_sign", "sign"),
        ("grant_verify", "verify"),
        ("grant_sign_verify", "sign"),
        ("grant_generate_mac", "generate MACs"),
        ("grant_verify_mac", "verify MACs"),
    ],
)
def test_refuses_what_an_encryption_key_cannot_do(method: str, use: str, key: EncryptionKey) -> None:
    with pytest.raises(
        ConfigurationError,
        match=rf"^\[S/Key\] a symmetric encryption key cannot {use}; a key of this kind can .*, asked for ",
    ):
        getattr(key, method)(READER)


@pytest.mark.parametrize(
    "actions", [(), ("kms:Decript",), ("s3:*",), ("kms:Sign",), ("kms:Decrypt", ""), ("kms:ReEncryptFrom",)]
)
def test_refuses_to_grant_what_the_key_does_not_have(actions: tuple[str, ...], key: EncryptionKey) -> None:
    before = key.checked_policy()

    with pytest.raises(ConfigurationError, match=r"^\[S/Key\] actions must "):
        key.grant(READER, *actions)
    assert key.checked_policy() == before


def test_refuses_a_grant_that_makes_the_policy_too_large_and_keeps_the_rest(
    stack: cdk.Stack, key: EncryptionKey
) -> None:
    names = [f"arn:aws:iam::111122223333:role/{'x' * 64}{number:03}" for number in range(400)]

    def grant_all() -> None:
        for arn in names:
            key.grant_decrypt(iam.ArnPrincipal(arn))

    too_large = r"^\[S/Key\] a key policy must be at most 32768 bytes, got 32\d{3}; the largest statements: "
    with pytest.raises(ConfigurationError, match=too_large):
        grant_all()

    (written,) = granted(template_of(stack)).values()
    assert written["Principal"]["AWS"] == names[: len(written["Principal"]["AWS"])]
    assert len(written["Principal"]["AWS"]) < len(names)


def test_every_action_of_the_key_can_be_granted_by_name(stack: cdk.Stack, key: EncryptionKey) -> None:
    key.grant(READER, *SYMMETRIC.actions)

    actions = [written["Action"] for written in granted(template_of(stack)).values()]
    assert sorted(action for each in actions for action in ([each] if isinstance(each, str) else each)) == sorted(
        SYMMETRIC.actions
    )


def test_an_element_of_the_cdk_hears_why_it_was_refused(stack: cdk.Stack, key: EncryptionKey) -> None:
    from aws_cdk import aws_s3 as s3  # noqa: PLC0415  # the one test that needs it

    bucket = s3.Bucket(stack, "Bucket", encryption_key=key)
    with pytest.raises(RuntimeError, match=r"\[S/Key\] grantee must be a role, a user or a service, got a group"):
        bucket.grant_read(iam.Group(stack, "Group"))
