import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from ministack.services import secretsmanager

from local_aws import LocalAws
from local_aws.server.secrets.errors import SecretsError
from local_aws.server.secrets.records import usable_record, where_it_is
from local_aws.server.secrets.resource_policies import policy_of
from tests.support.iam_statement import allow

pytestmark = pytest.mark.deploy

EVERYTHING = allow("secretsmanager:*")
READ = "secretsmanager:GetSecretValue"
Client = Callable[..., Any]
Secret = Callable[..., str]


def _policy(effect: str, action: str, principal: object = "*", **condition: Any) -> str:
    statement = {"Effect": effect, "Principal": principal, "Action": action, "Resource": "*"}
    return json.dumps({
        "Version": "2012-10-17",
        "Statement": statement | ({"Condition": condition} if condition else {}),
    })


def test_a_denial_holds_for_everybody_but_who_is_named(
    aws: LocalAws, secrets: Any, make_secret: Secret, make_role: Callable[..., str]
) -> None:
    arn, reader = make_secret(), make_role(EVERYTHING)
    secrets.put_resource_policy(
        SecretId=arn, ResourcePolicy=_policy("Deny", READ, ArnNotEquals={"aws:PrincipalArn": reader})
    )
    clients = {role: aws.session(aws.assume(role)).client("secretsmanager") for role in (reader, make_role(EVERYTHING))}

    assert clients.pop(reader).get_secret_value(SecretId=arn)["SecretString"] == "first"
    for stranger in (secrets, *clients.values()):
        with pytest.raises(ClientError, match="explicit deny in a resource-based policy"):
            stranger.get_secret_value(SecretId=arn)
        assert len(stranger.batch_get_secret_value(SecretIdList=[arn])["Errors"]) == 1


@pytest.mark.parametrize(
    ("key", "values", "request_", "is_refused"),
    [
        ("VersionStage", "AWSCURRENT", {}, True),
        ("VersionStage", "AWSPREVIOUS", {}, False),
        ("VersionId", "0" * 32, {"VersionId": "0" * 32}, True),
        ("SecretId", "kept", {}, False),
        ("resource/AllowRotationLambdaArn", "arn:aws:lambda:eu-central-1:111122223333:function:f", {}, False),
    ],
)
def test_a_policy_can_ask_what_a_reader_asks_for(
    secrets: Any, make_secret: Secret, key: str, values: str, request_: dict[str, str], *, is_refused: bool
) -> None:
    arn = make_secret(ClientRequestToken="0" * 32)
    policy = _policy("Deny", READ, StringEquals={f"secretsmanager:{key}": values})
    secrets.put_resource_policy(SecretId=arn, ResourcePolicy=policy)

    if is_refused:
        with pytest.raises(ClientError, match="explicit deny"):
            secrets.get_secret_value(SecretId=arn, **request_)
        assert bool(secrets.batch_get_secret_value(SecretIdList=[arn])["Errors"]) is (key == "VersionStage")
    else:
        assert secrets.get_secret_value(SecretId=arn, **request_)["SecretString"] == "first"


def test_a_policy_can_ask_how_a_secret_is_deleted(secrets: Any, make_secret: Secret) -> None:
    arn = make_secret()
    by_force = {"secretsmanager:ForceDeleteWithoutRecovery": "true"}
    secrets.put_resource_policy(
        SecretId=arn, ResourcePolicy=_policy("Deny", "secretsmanager:DeleteSecret", Bool=by_force)
    )

    with pytest.raises(ClientError, match="explicit deny"):
        secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    assert secrets.delete_secret(SecretId=arn, RecoveryWindowInDays=7)["ARN"] == arn


def test_a_policy_can_ask_under_which_key_a_secret_is_made(make_client: Client, make_key: Callable[..., str]) -> None:
    key = make_key()
    bound = {**allow("secretsmanager:CreateSecret"), "Condition": {"ArnEquals": {"secretsmanager:KmsKeyArn": key}}}
    client = make_client(bound, allow("kms:Decrypt", "kms:GenerateDataKey"))

    assert client.create_secret(Name="under-the-key", KmsKeyId=key.rpartition("/")[2])["ARN"]
    with pytest.raises(ClientError, match="not authorized to perform: secretsmanager:CreateSecret"):
        client.create_secret(Name="under-another-key", KmsKeyId=make_key())


@pytest.mark.parametrize(
    ("principal", "condition", "is_public"),
    [
        ("*", {}, True),
        ({"AWS": "*"}, {"StringLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/reader"}}, True),
        ("*", {"StringNotEquals": {"aws:PrincipalAccount": "444455556666"}}, True),
        ("*", {"StringEquals": {"aws:PrincipalAccount": "444455556666"}}, False),
        ({"AWS": "arn:aws:iam::444455556666:root"}, {}, False),
    ],
    ids=["everybody", "any account", "all but one account", "one account by condition", "one account"],
)
def test_a_public_policy_is_blocked_where_that_is_asked_for(
    secrets: Any, make_secret: Secret, principal: Any, condition: dict[str, Any], *, is_public: bool
) -> None:
    request = {"SecretId": make_secret(), "ResourcePolicy": _policy("Allow", READ, principal, **condition)}

    assert secrets.validate_resource_policy(**request)["PolicyValidationPassed"] is not is_public
    if is_public:
        with pytest.raises(ClientError, match="PublicPolicyException"):
            secrets.put_resource_policy(**request, BlockPublicPolicy=True)
    else:
        secrets.put_resource_policy(**request, BlockPublicPolicy=True)


def test_refuses_what_is_no_policy(secrets: Any, make_secret: Secret) -> None:
    with pytest.raises(ClientError, match="MalformedPolicyDocumentException"):
        secrets.put_resource_policy(SecretId=make_secret(), ResourcePolicy="{}")


def test_the_policy_of_a_secret_is_found_in_whichever_account_it_is() -> None:
    region, account = "eu-central-1", "444455556666"
    arn = f"arn:aws:secretsmanager:{region}:{account}:secret:theirs-a1b2c3"
    secretsmanager._secrets.set_scoped(account, region, "theirs", {"ARN": arn, "Name": "theirs"})
    secretsmanager._resource_policies.set_scoped(account, region, arn, "{}")

    found, unknown = policy_of(arn), policy_of(arn.replace("theirs", "unknown"))
    with where_it_is(arn):
        there = usable_record(arn)

    assert (found, unknown, policy_of("*")) == (("{}", account), ("", account), None)
    assert there["Name"] == "theirs"
    with pytest.raises(SecretsError, match="can't find the specified secret"):
        usable_record(arn)
    secretsmanager.reset()
