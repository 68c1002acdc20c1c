import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws

pytestmark = pytest.mark.deploy

MakeKey = Callable[..., str]
Allow = Callable[..., dict[str, Any]]
Person = Callable[..., tuple[str, Any]]
BLUE, MORE = {"tenant": "blue"}, {"tenant": "blue", "of": "more"}


@pytest.fixture
def nobody(make_role: Callable[..., str], aws: LocalAws) -> tuple[str, Any]:
    """A role without any permission, and a client of it."""
    role = make_role()
    return role, aws.session(aws.assume(role)).client("kms")


def _may_encrypt(person: Any, key: str, context: dict[str, str] | None = None) -> bool:
    try:
        person.encrypt(KeyId=key, Plaintext=b"data", EncryptionContext=context or {})
    except ClientError as error:
        assert error.response["Error"]["Code"] == "AccessDeniedException"  # noqa: PT017  # anything else is a bug
        return False
    return True


def test_a_grant_lets_its_grantee_do_what_it_says_until_it_is_revoked(
    make_key: MakeKey, kms: Any, nobody: tuple[str, Any]
) -> None:
    key, (role, person) = make_key(), nobody
    assert not _may_encrypt(person, key)

    grant = kms.create_grant(KeyId=key, GranteePrincipal=role, Operations=["Encrypt"])["GrantId"]

    assert _may_encrypt(person, key)
    assert not _may_encrypt(person, make_key())
    with pytest.raises(ClientError, match="kms:GenerateDataKey"):
        person.generate_data_key(KeyId=key, KeySpec="AES_256")
    kms.revoke_grant(KeyId=key, GrantId=grant)
    assert not _may_encrypt(person, key)


@pytest.mark.parametrize(
    ("constraint", "context", "allowed"),
    [
        ({"EncryptionContextEquals": BLUE}, BLUE, True),
        ({"EncryptionContextEquals": BLUE}, MORE, False),
        ({"EncryptionContextSubset": BLUE}, MORE, True),
        ({"EncryptionContextSubset": BLUE}, {"tenant": "red"}, False),
        ({"EncryptionContextSubset": BLUE}, {"Tenant": "blue"}, False),
        ({"EncryptionContextSubset": BLUE}, {}, False),
    ],
)
def test_a_grant_is_bound_to_its_encryption_context(
    make_key: MakeKey, kms: Any, nobody: tuple[str, Any], *,
    constraint: dict[str, Any], context: dict[str, str], allowed: bool,
) -> None:  # fmt: skip
    key, (role, person) = make_key(), nobody

    kms.create_grant(KeyId=key, GranteePrincipal=role, Operations=["Encrypt", "DescribeKey"], Constraints=constraint)

    assert _may_encrypt(person, key, context) is allowed
    assert person.describe_key(KeyId=key)["KeyMetadata"]["Arn"] == key


def test_a_deny_is_stronger_than_a_grant(
    make_key: MakeKey, kms: Any, nobody: tuple[str, Any], allow: Allow, account_root: str
) -> None:
    role, person = nobody
    key = make_key(allow(account_root, "kms:CreateGrant"), {**allow(role, "kms:Encrypt"), "Effect": "Deny"})

    kms.create_grant(KeyId=key, GranteePrincipal=role, Operations=["Encrypt", "GenerateDataKey"])

    assert not _may_encrypt(person, key)
    assert person.generate_data_key(KeyId=key, KeySpec="AES_256")["KeyId"] == key


def test_a_grant_is_not_for_the_next_role_of_the_same_name(
    aws: LocalAws, make_key: MakeKey, kms: Any, nobody: tuple[str, Any]
) -> None:
    key, (role, _) = make_key(), nobody
    kms.create_grant(KeyId=key, GranteePrincipal=role, Operations=["Encrypt"])
    name = role.rpartition("/")[2]
    aws.session().client("iam").delete_role(RoleName=name)

    aws.create_role(name)

    assert not _may_encrypt(aws.session(aws.assume(role)).client("kms"), key)


def test_whoever_was_granted_to_make_grants_grants_no_more_than_that(
    make_key: MakeKey, kms: Any, nobody: tuple[str, Any], make_person: Person
) -> None:
    key, (role, person), (other, _) = make_key(), nobody, make_person()
    kms.create_grant(KeyId=key, GranteePrincipal=role, Operations=["CreateGrant", "Encrypt"])

    assert person.create_grant(KeyId=key, GranteePrincipal=other, Operations=["Encrypt"])["GrantId"]
    with pytest.raises(ClientError, match="kms:CreateGrant"):
        person.create_grant(KeyId=key, GranteePrincipal=other, Operations=["Decrypt"])


@pytest.mark.parametrize("by", ["GrantToken", "GrantId"])
def test_a_retiring_principal_retires_its_own_grant_only(
    make_key: MakeKey, kms: Any, nobody: tuple[str, Any], make_person: Person, by: str
) -> None:
    key, (retiring, person), (grantee, _) = make_key(), nobody, make_person()
    grants = [
        kms.create_grant(KeyId=key, GranteePrincipal=grantee, Operations=["Encrypt"], **more)
        for more in ({"RetiringPrincipal": retiring}, {})
    ]
    mine, other = [
        {"GrantToken": each["GrantToken"]} if by == "GrantToken" else {"GrantId": each["GrantId"], "KeyId": key}
        for each in grants
    ]

    person.retire_grant(**mine)
    with pytest.raises(ClientError, match="kms:RetireGrant"):
        person.retire_grant(**other)

    assert [each["GrantId"] for each in kms.list_grants(KeyId=key)["Grants"]] == [grants[1]["GrantId"]]


def test_both_halves_of_a_re_encryption_can_be_granted(make_key: MakeKey, kms: Any, nobody: tuple[str, Any]) -> None:
    source, destination, (role, person) = make_key(), make_key(), nobody
    sealed = kms.encrypt(KeyId=source, Plaintext=b"data", EncryptionContext=BLUE)["CiphertextBlob"]
    request = {
        "CiphertextBlob": sealed, "SourceEncryptionContext": BLUE, "DestinationKeyId": destination
    }  # fmt: skip
    kms.create_grant(KeyId=source, GranteePrincipal=role, Operations=["ReEncryptFrom"],
                     Constraints={"EncryptionContextEquals": BLUE})  # fmt: skip
    with pytest.raises(ClientError, match="kms:ReEncryptTo"):
        person.re_encrypt(**request)

    kms.create_grant(KeyId=destination, GranteePrincipal=role, Operations=["ReEncryptTo"])

    assert person.re_encrypt(**request)["KeyId"] == destination


def test_a_stack_is_deployed_by_a_role_that_was_granted_what_it_needs_of_a_key(
    make_stacks: Callable[..., Any], make_key_policy: Callable[..., Any], kms: Any, account_root: str
) -> None:
    stacks = make_stacks()
    grants = {"Effect": "Allow", "Principal": {"AWS": account_root}, "Action": "kms:CreateGrant", "Resource": "*"}
    key = kms.create_key(Policy=json.dumps(make_key_policy(grants)))["KeyMetadata"]["Arn"]
    secret = {"Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"KmsKeyId": key, "SecretString": "s"}}}
    assert stacks.create(secret).status == "ROLLBACK_COMPLETE"

    kms.create_grant(KeyId=key, GranteePrincipal=stacks.role_arn, Operations=["Decrypt", "GenerateDataKey"])

    assert stacks.create(secret).status == "CREATE_COMPLETE"
