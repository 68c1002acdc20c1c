import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws

pytestmark = pytest.mark.deploy

USE = {"Effect": "Allow", "Action": ["kms:GenerateDataKey", "kms:Decrypt"], "Resource": "*"}
GRANT = {"Effect": "Allow", "Action": "kms:CreateGrant", "Resource": "*"}


@pytest.fixture
def may_generate(
    aws: LocalAws, make_role: Callable[..., str], make_key_policy: Callable[..., dict[str, Any]], account_root: str
) -> Callable[[Mapping[str, Any], Mapping[str, str]], bool]:
    """Say whether a role may make a data key under a condition of the key policy."""
    role = make_role(USE, path="/team/")
    kms = aws.session(aws.assume(role)).client("kms")

    def ask(condition: Mapping[str, Any], context: Mapping[str, str]) -> bool:
        here = json.loads(json.dumps(condition).replace("ROLE", role).replace("ACCOUNT", aws.account))
        policy = make_key_policy({**USE, "Principal": {"AWS": account_root}, "Condition": here})
        key = aws.session().client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["KeyId"]
        try:
            kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "AccessDeniedException"  # noqa: PT017  # anything else is a bug
            return False
        return True

    return ask


@pytest.mark.parametrize(
    ("condition", "context", "allowed"),
    [
        ({"ArnEquals": {"aws:PrincipalArn": "ROLE"}}, {}, True),
        ({"ArnEquals": {"aws:PrincipalArn": "arn:aws:iam::ACCOUNT:role/other"}}, {}, False),
        ({"StringEquals": {"kms:EncryptionContext:tenant": "a"}}, {"tenant": "a"}, True),
        ({"StringEquals": {"kms:EncryptionContext:tenant": "a"}}, {"tenant": "b"}, False),
        ({"StringEquals": {"kms:EncryptionContext:tenant": "a"}}, {}, False),
        ({"StringEquals": {"kms:EncryptionContext:tenant": "a"}}, {"tenant": "a", "Tenant": "b"}, False),
        ({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "tenant"}}, {"tenant": "a"}, True),
        ({"ForAnyValue:StringEquals": {"kms:EncryptionContextKeys": "tenant"}}, {"other": "a"}, False),
        ({"ForAllValues:StringEquals": {"kms:EncryptionContextKeys": "tenant"}}, {"tenant": "a", "b": "c"}, False),
        ({"Null": {"kms:EncryptionContextKeys": "false"}}, {}, False),
        ({"StringEquals": {"kms:CallerAccount": "ACCOUNT"}}, {}, True),
        ({"StringEquals": {"kms:CallerAccount": "999999999999"}}, {}, False),
        ({"Null": {"kms:ViaService": "true"}}, {}, True),
        ({"StringEquals": {"kms:ViaService": "s3.eu-central-1.amazonaws.com"}}, {}, False),
    ],
)
def test_a_condition_of_a_key_policy_is_decided(
    may_generate: Callable[[Mapping[str, Any], Mapping[str, str]], bool],
    condition: Mapping[str, Any],
    context: Mapping[str, str],
    *,
    allowed: bool,
) -> None:
    assert may_generate(condition, context) is allowed


def test_refuses_a_grant_for_oneself_where_only_aws_may_have_one(
    aws: LocalAws, make_role: Callable[..., str], make_key_policy: Callable[..., dict[str, Any]], account_root: str
) -> None:
    role = make_role(GRANT)
    for_aws = {
        **GRANT,
        "Principal": {"AWS": account_root},
        "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
    }
    key = aws.session().client("kms").create_key(Policy=json.dumps(make_key_policy(for_aws)))["KeyMetadata"]["KeyId"]

    with pytest.raises(ClientError, match="kms:CreateGrant"):
        aws.session(aws.assume(role)).client("kms").create_grant(
            KeyId=key, GranteePrincipal=role, Operations=["Decrypt"]
        )


def test_refuses_to_decrypt_with_another_context(aws: LocalAws) -> None:
    kms = aws.session().client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    wrapped = kms.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext={"tenant": "a"})["CiphertextBlob"]

    with pytest.raises(ClientError, match="InvalidCiphertextException"):
        kms.decrypt(KeyId=key, CiphertextBlob=wrapped, EncryptionContext={"tenant": "b"})
