"""People with a permission set: in the constructor, in grants, and in grants of constructs of the CDK."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib import ConfigurationError, EncryptionKey, OnlyDeletedBy, permission_set
from constructs_lib.naming.permission_set import permission_set_of
from tests.support.policy_judge import ALLOW_EVERYTHING, Caller, KmsKey
from tests.support.synthesised import granted, key_statements, resources, template_of, written

MakeApp = Callable[..., cdk.App]
IRELAND = cdk.Environment(account="111122223333", region="eu-west-1")
ROOT = "arn:aws:iam::111122223333:root"
SUFFIX = "0123456789abcdef"


def like(name: str, account: str = "111122223333", partition: str = "aws") -> dict[str, Any]:
    role = f"arn:{partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com"
    role_name = f"AWSReservedSSO_{name}_????????????????"
    return {"ArnLike": {"aws:PrincipalArn": [f"{role}/*/{role_name}", f"{role}/{role_name}"]}}


def allow(actions: Any, condition: Any, account: str = "111122223333") -> dict[str, Any]:
    principal = {"AWS": f"arn:aws:iam::{account}:root"}
    return {"Effect": "Allow", "Principal": principal, "Action": actions, "Condition": condition}


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=IRELAND)


def test_people_are_named_by_the_pattern_of_their_roles(stack: cdk.Stack) -> None:
    EncryptionKey(
        stack,
        "Key",
        decrypters=[permission_set("Readers")],
        auditors=[permission_set("Auditors", account="444455556666")],
        deployers=[permission_set("Platform")],
    )

    statements = key_statements(template_of(stack))
    assert statements["DecryptersByPattern"] == allow("kms:Decrypt", like("Readers"))
    auditors = statements["AuditorsByPattern"]
    assert auditors == allow(auditors["Action"], like("Auditors", "444455556666"), "444455556666")
    assert statements["DeployersThroughServicesByPattern"]["Condition"]["ArnLike"] == like("Platform")["ArnLike"]


@pytest.mark.parametrize(
    ("environment", "account", "partition"),
    [
        (None, "${AWS::AccountId}", "${AWS::Partition}"),
        (cdk.Environment(account="111122223333", region="cn-north-1"), "111122223333", "aws-cn"),
    ],
)
def test_the_account_is_that_of_the_key(
    environment: cdk.Environment | None, account: str, partition: str, make_app: MakeApp
) -> None:
    stack = cdk.Stack(make_app(), "S", env=environment)
    EncryptionKey(stack, "Key", decrypters=[permission_set("Readers")])

    statement = key_statements(template_of(stack))["DecryptersByPattern"]
    assert statement["Principal"] == {"AWS": f"arn:{partition}:iam::{account}:root"}
    assert statement["Condition"] == like("Readers", account, partition)


def test_grants_of_the_key_merge_with_those_to_others_named_by_pattern(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    for name in ("Readers", "Auditors", "Readers"):
        key.grant_decrypt(permission_set(name))

    both = sorted(arn for name in ("Readers", "Auditors") for arn in like(name)["ArnLike"]["aws:PrincipalArn"])
    assert granted(template_of(stack)) == {
        "GrantedDecryptByPattern": allow("kms:Decrypt", {"ArnLike": {"aws:PrincipalArn": both}})
    }


def test_constructs_of_the_cdk_grant_to_it(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    s3.Bucket(stack, "Bucket", encryption_key=key).grant_read(permission_set("Readers"))
    secretsmanager.Secret(stack, "Secret", encryption_key=key).grant_read(permission_set("Readers"))

    template = template_of(stack)
    via = {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}
    by_pattern = [each for sid, each in granted(template).items() if sid.endswith("ByPattern")]
    assert by_pattern == [
        allow("kms:Decrypt", like("Readers") | via),
        allow(["kms:Decrypt", "kms:DescribeKey"], like("Readers")),
    ]
    (bucket_policy,) = resources(template, "AWS::S3::BucketPolicy").values()
    (statement,) = written(bucket_policy["Properties"]["PolicyDocument"]["Statement"])
    assert statement["Principal"] == {"AWS": ROOT}
    assert list(statement["Condition"]) == ["ArnLike"]


@pytest.mark.parametrize("argument", ["encrypters", "decrypters"])
def test_refuses_administrators_who_use_the_key(argument: str, stack: cdk.Stack) -> None:
    option: dict[str, Any] = {argument: [permission_set("KeyAdmins")]}
    with pytest.raises(
        ConfigurationError, match=rf"^{argument} must be other people than the administrators, got .*Key"
    ):
        EncryptionKey(stack, "Key", administrators=[permission_set("KeyAdmins")], **option)


def test_refuses_a_grant_of_use_to_administrators(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", administrators=[permission_set("KeyAdmins")])

    with pytest.raises(ConfigurationError, match="grantee must be somebody else than an administrator of the key"):
        key.grant_decrypt(permission_set("KeyAdmins", account="111122223333"))


def test_a_permission_set_of_the_same_app_may_use_the_key(stack: cdk.Stack) -> None:
    from aws_cdk import aws_sso as sso  # noqa: PLC0415  # the one test that needs it

    key = EncryptionKey(stack, "Key", decrypters=[permission_set("Readers")])
    allow_decrypt = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": key.key_arn}
    sso.CfnPermissionSet(
        stack,
        "Set",
        instance_arn="arn:aws:sso:::instance/i-1",
        name="Readers",
        inline_policy={"Statement": [allow_decrypt]},
    )

    assert resources(template_of(stack), "AWS::SSO::PermissionSet")


def test_it_stands_behind_a_service_or_under_conditions_of_the_cdk(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key")
    key.grant_decrypt(kms.ViaServicePrincipal("s3.eu-west-1.amazonaws.com", permission_set("Readers")))
    key.grant_encrypt(permission_set("Readers").with_conditions({"Bool": {"aws:MultiFactorAuthPresent": "true"}}))

    conditions = [each["Condition"] for each in granted(template_of(stack)).values()]
    assert conditions == [
        like("Readers") | {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}},
        like("Readers") | {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    ]


def test_guards_spare_it(stack: cdk.Stack) -> None:
    EncryptionKey(stack, "Key", guards=[OnlyDeletedBy(people=[permission_set("Readers")])])
    statements = [{**each, "Resource": "*"} for each in key_statements(template_of(stack)).values()]
    policy = json.dumps({"Statement": statements}).replace("${AWS::Partition}", "aws")
    key = KmsKey("arn:aws:kms:eu-west-1:111122223333:key/1", json.loads(policy))

    def deletes(role: str) -> bool:
        caller = Caller(f"arn:aws:iam::111122223333:role/{role}", (ALLOW_EVERYTHING,))
        return key.allows(caller, "kms:ScheduleKeyDeletion", {})

    path = "aws-reserved/sso.amazonaws.com/"
    assert deletes(f"{path}AWSReservedSSO_Readers_{SUFFIX}")
    assert deletes(f"{path}eu-west-1/AWSReservedSSO_Readers_{SUFFIX}")
    assert not deletes(f"{path}eu-west-1/AWSReservedSSO_Readers_Other_{SUFFIX}")
    assert not deletes("Administrator")


NAMES = st.text("abcXYZ019_+=,.@-", min_size=1, max_size=32)
PATHS = st.sampled_from(["", "eu-west-1/", "us-gov-west-1/"])


@given(NAMES, NAMES, PATHS)
def test_no_other_set_matches(name: str, other: str, path: str) -> None:
    patterns = permission_set(name, account="111122223333").policy_fragment.conditions["ArnLike"]["aws:PrincipalArn"]
    patterns = [pattern.partition(":iam:")[2] for pattern in patterns]
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": ROOT},
        "Action": "kms:Decrypt",
        "Resource": "*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": [f"arn:aws:iam:{pattern}" for pattern in patterns]}},
    }
    key = KmsKey("arn:aws:kms:eu-west-1:111122223333:key/1", {"Statement": [statement]})
    in_iam = {"Statement": [{"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}]}

    def admitted(holder: str, place: str = "aws-reserved/sso.amazonaws.com/") -> bool:
        arn = f"arn:aws:iam::111122223333:role/{place}{path}AWSReservedSSO_{holder}_{SUFFIX}"
        return key.allows(Caller(arn, (in_iam,)), "kms:Decrypt", {})

    assert admitted(name)
    assert admitted(other) == (other == name)
    assert not admitted(f"{name}_{other}")
    assert not admitted(f"{other}_{name}")
    assert not admitted(name, place="")
    assert not admitted(name, place="my-reserved/sso.amazonaws.com/")


@pytest.mark.parametrize(
    "name", ["", "Key Admins", "Key*", "Key?", "Key/Admins", "x" * 33, "Schlüssel", "${Token[TOKEN.1]}"]
)
def test_refuses_what_is_no_name_of_a_set(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        permission_set(name)
    assert str(refused.value) == (
        f"name must be that of a permission set, 1 to 32 letters, digits and _+=,.@-, got {name!r}"
    )


@pytest.mark.parametrize("account", ["", "1234", "*", "arn:aws:iam::111122223333:root", "11112222333x"])
def test_refuses_what_is_no_account(account: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        permission_set("Readers", account=account)
    assert str(refused.value) == f"account must be twelve digits, got {account!r}"


def test_the_account_may_be_one_that_the_deployment_knows(make_app: MakeApp) -> None:
    stack = cdk.Stack(make_app(), "S", env=IRELAND)
    parameter = cdk.CfnParameter(stack, "Account")
    EncryptionKey(stack, "Key", decrypters=[permission_set("Readers", account=parameter.value_as_string)])

    (statement,) = [each for sid, each in key_statements(template_of(stack)).items() if sid.startswith("Decrypters")]
    assert statement["Condition"] == like("Readers", "${Account}")
    assert statement["Principal"] == {"AWS": "arn:aws:iam::${Account}:root"}


@pytest.mark.parametrize("name", ["Readers", "a_b", "x.y@z"])
def test_a_pattern_tells_the_name_of_its_set(name: str) -> None:
    assert {permission_set_of(arn) for arn in like(name)["ArnLike"]["aws:PrincipalArn"]} == {name}


@pytest.mark.parametrize("arn", [ROOT, "arn:aws:iam::111122223333:role/AWSReservedSSO_Readers_????????????????"])
def test_another_arn_names_no_set(arn: str) -> None:
    assert permission_set_of(arn) is None
