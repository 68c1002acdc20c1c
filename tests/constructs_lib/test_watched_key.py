from collections.abc import Callable

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from constructs_lib.encryption_key import EncryptionKey
from tests.support.synthesised import key_statements, template_of

MakeApp = Callable[..., cdk.App]
READER = "arn:aws:iam::111122223333:role/Reader"


@pytest.fixture
def stack(make_app: MakeApp) -> cdk.Stack:
    return cdk.Stack(make_app(), "S", env=cdk.Environment(account="111122223333", region="eu-west-1"))


def test_it_tells_where_it_is_and_who_it_is(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", alias="orders")

    assert key.place({}) == ("S.template.json", "Key961B73FD")
    assert key.path == "S/Key"
    assert stack.resolve([key.key_arn, key.key_id]) == [{"Fn::GetAtt": ["Key961B73FD", "Arn"]}, {"Ref": "Key961B73FD"}]
    assert (key.key_ref.key_arn, key.key_ref.key_id) == (key.key_arn, key.key_id)


def test_its_checked_policy_is_the_one_of_the_template(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", alias="orders", services=["s3"])
    key.grant_decrypt(iam.ArnPrincipal(READER))

    checked = [statement["Sid"] for statement in key.checked_policy()["Statement"]]
    assert checked == list(key_statements(template_of(stack)))
    assert "GrantedDecrypt" in checked


def test_it_tells_who_holds_what_and_what_a_creator_lacks(stack: cdk.Stack) -> None:
    key = EncryptionKey(stack, "Key", alias="orders", services=["s3"], decrypters=[iam.ArnPrincipal(READER)])

    assert key.holders_of(["kms:Decrypt"]) == (READER,)
    assert key.holders_of(["kms:Encrypt"]) == ()
    assert key.lacking_to_create("s3") == ()
    assert key.lacking_to_create("rds") == ("kms:CreateGrant", "kms:DescribeKey")
