"""Roles and users of the key's own stack by name, and what moving them between stacks changes then."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3

from constructs_lib import ConfigurationError, EncryptionKey, Naming, UnnamedRoles
from tests.support.l2_case import function
from tests.support.synthesised import granted, iam_statements, key_statements, only, template_of

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
IAM = "arn:aws:iam::111122223333"
SESSION = "arn:aws:sts::111122223333:assumed-role/Reader/session"
ON_THE_KEY = {"Action": "kms:Decrypt", "Effect": "Allow", "Resource": "${Key961B73FD.Arn}"}


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


def role(scope: cdk.Stack, **options: Any) -> iam.Role:
    return iam.Role(scope, "Role", assumed_by=iam.AccountRootPrincipal(), **options)


def allow(arn: str, operator: str = "ArnEquals", account: str = IAM) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"AWS": f"{account}:root"},
        "Action": "kms:Decrypt",
        "Condition": {operator: {"aws:PrincipalArn": arn}},
    }


@pytest.mark.parametrize(
    ("grantee", "arn"),
    [
        (lambda stack: role(stack, role_name="Reader", path="/team/billing/"), f"{IAM}:role/team/billing/Reader"),
        (role, f"{IAM}:role/Role-eu-west-1-0b132740fa6b"),
        (
            lambda stack: role(stack, role_name=cdk.PhysicalName.GENERATE_IF_NEEDED),
            f"{IAM}:role/Role-eu-west-1-0b132740fa6b",
        ),
        (function, f"{IAM}:role/ServiceRole-eu-west-1-0b385f87c562"),
        (lambda stack: iam.User(stack, "User", user_name="Ann"), f"{IAM}:user/Ann"),
        (lambda stack: iam.Role.from_role_name(stack, "I", "Reader"), f"{IAM}:role/Reader"),
        (lambda stack: iam.Role.from_role_arn(stack, "I", f"{IAM}:role/team/Reader"), f"{IAM}:role/team/Reader"),
    ],
    ids=["named", "unnamed", "generate-if-needed", "function", "user", "imported by name", "imported by ARN"],
)
def test_somebody_of_the_keys_stack_is_named_by_name_and_allowed_on_both_sides(
    grantee: Callable[[cdk.Stack], iam.IGrantable], arn: str, stack: cdk.Stack
) -> None:
    EncryptionKey(stack, "Key", naming=Naming.BY_NAME).grant_decrypt(grantee(stack))

    template = template_of(stack)
    assert granted(template) == {"GrantedDecryptByName": allow(arn)}
    assert iam_statements(template) == [ON_THE_KEY]


def test_a_person_of_the_keys_stack_is_allowed_in_iam_too(stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key", naming=Naming.BY_NAME, decrypters=[role(stack, role_name="Reader")])

    template = template_of(stack)
    assert key_statements(template)["DecryptersByName"] == allow(f"{IAM}:role/Reader")
    assert iam_statements(template) == [ON_THE_KEY]


def test_a_role_of_another_account_is_named_by_name_there(stack: cdk.Stack) -> None:
    theirs = IAM.replace("111122223333", "444455556666")
    EncryptionKey(stack, "Key", naming=Naming.BY_NAME).grant_decrypt(iam.ArnPrincipal(f"{theirs}:role/Far"))

    assert granted(template_of(stack)) == {"GrantedDecryptByName": allow(f"{theirs}:role/Far", account=theirs)}


@pytest.mark.parametrize(
    ("principal", "written"),
    [
        (iam.AccountPrincipal("444455556666"), {"AWS": "arn:aws:iam::444455556666:root"}),
        (iam.ArnPrincipal(SESSION), {"AWS": SESSION}),
        (iam.ServicePrincipal("sagemaker.amazonaws.com"), {"Service": "sagemaker.amazonaws.com"}),
        (iam.FederatedPrincipal(f"{IAM}:saml-provider/Idp"), {"Federated": f"{IAM}:saml-provider/Idp"}),
    ],
    ids=["account", "session", "service", "federated"],
)
def test_who_has_no_name_stays_as_he_is(principal: iam.IPrincipal, written: Any, stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key", naming=Naming.BY_NAME).grant_decrypt(principal)

    (statement,) = granted(template_of(stack)).values()
    assert statement["Principal"] == written
    assert "Condition" not in statement


def policy_with_role_in(make_app: MakeApp, place: str, naming: Naming) -> Any:
    app = make_app()
    stack, other = cdk.Stack(app, "S", env=IRELAND), cdk.Stack(app, "W", env=IRELAND)
    reader = role({"S": stack, "W": other}[place], role_name="Reader")
    key = EncryptionKey(stack, "Key", naming=naming, auditors=[reader])
    s3.Bucket(stack, "Bucket", encryption_key=key).grant_read(reader)
    return key_statements(template_of(stack))


def test_a_role_that_moves_between_stacks_changes_nothing_by_name(make_app: MakeApp, tmp_path: Any) -> None:
    before = policy_with_role_in(make_app, "W", Naming.BY_NAME)
    (tmp_path / "cdk.out").rename(tmp_path / "before")

    assert policy_with_role_in(make_app, "S", Naming.BY_NAME) == before


def test_a_role_that_moves_into_the_keys_stack_is_named_otherwise_by_stack(make_app: MakeApp, tmp_path: Any) -> None:
    before = policy_with_role_in(make_app, "W", Naming.BY_STACK)
    (tmp_path / "cdk.out").rename(tmp_path / "before")
    after = policy_with_role_in(make_app, "S", Naming.BY_STACK)

    assert "AuditorsByName" in before
    assert "AuditorsByName" not in after
    assert after["Auditors"]["Principal"] == {"AWS": "${Role1ABCC5F0.Arn}"}


def test_an_unnamed_role_keeps_its_generated_name_if_that_is_wanted(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", naming=Naming.BY_NAME, unnamed_roles=UnnamedRoles.MATCH_GENERATED_NAME)
    key.grant_decrypt(role(stack))

    template = template_of(stack)
    assert granted(template) == {"GrantedDecryptByPattern": allow(f"{IAM}:role/S-Role1ABCC5F0-*", "ArnLike")}
    assert "RoleName" not in only(template, "AWS::IAM::Role")["Properties"]


def test_a_role_whose_own_policies_name_the_key_makes_no_cycle(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", naming=Naming.BY_NAME)
    statement = iam.PolicyStatement(actions=["kms:Decrypt"], resources=[key.key_arn])
    document = iam.PolicyDocument(statements=[statement])
    key.grant_decrypt(role(stack, role_name="Reader", inline_policies={"Own": document}))

    assert granted(template_of(stack)) == {"GrantedDecryptByName": allow(f"{IAM}:role/Reader")}


def test_refuses_a_role_whose_name_only_the_deployment_knows(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string

    with pytest.raises(
        ConfigurationError, match=r"a role that is named by name must have a name that is known at synth"
    ):
        EncryptionKey(stack, "Key", naming=Naming.BY_NAME, decrypters=[role(stack, role_name=name)])


def test_refuses_an_arn_that_only_the_deployment_knows(stack: cdk.Stack) -> None:
    arn = cdk.Token.as_string(cdk.CfnResource(stack, "Made", type="Custom::Role").get_att("RoleArn"))

    with pytest.raises(
        ConfigurationError,
        match=r"^\[S/Key\] decrypters must have an ARN that is known at synthesis to be named by name, got \$\{",
    ):
        EncryptionKey(stack, "Key", naming=Naming.BY_NAME, decrypters=[iam.ArnPrincipal(arn)])


def test_refuses_a_pattern_as_principal(stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError, match="principals must be written without wildcards"):
        EncryptionKey(stack, "Key", naming=Naming.BY_NAME, decrypters=[iam.ArnPrincipal(f"{IAM}:role/*")])


@pytest.mark.parametrize("naming", ["BY_NAME", None, True])
def test_refuses_what_is_no_naming(naming: Any, stack: cdk.Stack) -> None:
    with pytest.raises(ConfigurationError) as refused:
        EncryptionKey(stack, "Key", naming=naming)
    assert str(refused.value) == f"naming must be a member of Naming, got {naming!r}"
