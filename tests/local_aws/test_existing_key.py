"""Existing keys, deployed: what a grant writes is enough, and where it is not, what it announces is."""

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from botocore.exceptions import ClientError

from constructs_lib import ExistingKey
from local_aws import LocalAws
from tests.support.announcements import announcements
from tests.support.stack_operation import StackOperation, error_code

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

pytestmark = pytest.mark.deploy

Deploy = Callable[[str, Callable[[cdk.Stack, iam.Role], object]], list[str]]


@pytest.fixture
def kms_client(aws: LocalAws) -> "KMSClient":
    return aws.session().client("kms")


@pytest.fixture
def deploy(aws: LocalAws, make_stacks: Callable[..., StackOperation], make_app: Callable[..., cdk.App]) -> Deploy:
    """Deploy a stack with a role of a name and what else is defined, and give what was announced."""

    def deploy(role_name: str, define: Callable[[cdk.Stack, iam.Role], object]) -> list[str]:
        app = make_app()
        stack = cdk.Stack(app, "Uses", env=cdk.Environment(account=aws.account, region=aws.region))
        define(stack, iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal(), role_name=role_name))
        assembly = app.synth()
        outcome = make_stacks().create(assembly.get_stack_by_name("Uses").template["Resources"])
        assert outcome.status == "CREATE_COMPLETE", outcome.failures
        return announcements(assembly.directory, "Uses", "info")

    return deploy


def _kms_of(aws: LocalAws, role: str) -> "KMSClient":
    return aws.session(aws.assume(f"arn:aws:iam::{aws.account}:role/{role}")).client("kms")


def _may_encrypt(client: "KMSClient", key: str) -> bool:
    try:
        client.encrypt(KeyId=key, Plaintext=b"orders")
    except ClientError as error:
        if error_code(error) == "AccessDeniedException":
            return False
        raise
    return True


def test_a_grant_on_an_alias_gives_the_key_that_has_it_and_no_other(
    aws: LocalAws, deploy: Deploy, kms_client: "KMSClient"
) -> None:
    first, second = (kms_client.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms_client.create_alias(AliasName="alias/existing", TargetKeyId=first)

    deploy(
        "of-an-alias",
        lambda stack, role: ExistingKey.from_alias(stack, "Key", alias="existing").grant_encrypt_decrypt(role),
    )

    caller = _kms_of(aws, "of-an-alias")
    assert [_may_encrypt(caller, key) for key in ("alias/existing", first, second)] == [True, True, False]
    kms_client.update_alias(AliasName="alias/existing", TargetKeyId=second)
    assert [_may_encrypt(caller, key) for key in ("alias/existing", first, second)] == [True, False, True]


def test_the_announced_statement_is_what_a_key_lacks_whose_policy_lets_iam_decide_nothing(
    aws: LocalAws, deploy: Deploy, kms_client: "KMSClient", make_key_policy: Callable[..., dict[str, Any]]
) -> None:
    made = kms_client.create_key(Policy=json.dumps(make_key_policy()))["KeyMetadata"]

    (announced,) = deploy(
        "of-an-arn",
        lambda stack, role: ExistingKey.from_arn(stack, "Key", key_arn=made["Arn"]).grant_encrypt_decrypt(role),
    )

    caller = _kms_of(aws, "of-an-arn")
    assert not _may_encrypt(caller, made["KeyId"])
    found = re.search(r"(\[\{.*\}\])", announced)
    assert found
    policy = json.dumps(make_key_policy(*json.loads(found[1])))
    kms_client.put_key_policy(KeyId=made["KeyId"], Policy=policy)
    assert _may_encrypt(caller, made["KeyId"])
