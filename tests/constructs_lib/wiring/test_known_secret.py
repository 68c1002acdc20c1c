from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.known_secret import check_known_secret, known_arn, secret_in_records
from constructs_lib.wiring.secret_in_records import SecretInRecords

ACCOUNT, REGION = "111122223333", "eu-central-1"
ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:shop-AbCdEf"


@pytest.fixture
def stack() -> cdk.Stack:
    app = cdk.App(analytics_reporting=False)
    return cdk.Stack(app, "Shop", env=cdk.Environment(account=ACCOUNT, region=REGION))


def imported(stack: cdk.Stack, arn: str = ARN) -> secretsmanager.ISecret:
    return secretsmanager.Secret.from_secret_complete_arn(stack, "There", arn)


def test_an_imported_secret_is_known_by_its_arn_and_the_name_in_it(stack: cdk.Stack) -> None:
    secret = imported(stack)

    assert check_known_secret(stack, "secret", secret) is secret
    assert known_arn(secret) == ARN
    assert secret_in_records(secret) == SecretInRecords(arn=ARN, called="shop", name="shop")


def test_a_secret_whose_name_is_drawn_is_called_by_its_path(stack: cdk.Stack) -> None:
    secret = secretsmanager.Secret(stack, "Own")

    found = secret_in_records(check_known_secret(stack, "secret", secret), rotated_by=("role",))

    assert (found.called, found.name, found.rotated_by) == ("Shop/Own", None, ("role",))
    assert stack.resolve(found.arn) == stack.resolve(secret.secret_arn)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (7, "secret must come from ManagedSecret(...), secretsmanager.Secret(...) or"),
        (ARN.replace("-AbCdEf", ""), "secret must be known by the full ARN, by which events name a secret, such as"),
        (ARN.replace(REGION, "eu-west-1"), "secret must be of Region eu-central-1, whose events the rules see, got"),
        (ARN.replace(ACCOUNT, "444455556666"), "secret must be of account 111122223333, whose events the rules see"),
        (ARN.replace("shop", "a" * 301), "secret must have a name of up to 300 characters, for which the pattern"),
    ],
    ids=["number", "part", "region", "account", "long"],
)
def test_refuses_what_rules_cannot_see(stack: cdk.Stack, given: Any, message: str) -> None:
    secret = given
    if isinstance(given, str):
        known_by: Any = {"secret_complete_arn" if given.endswith("-AbCdEf") else "secret_partial_arn": given}
        secret = secretsmanager.Secret.from_secret_attributes(stack, "Given", **known_by)

    with pytest.raises(ConfigurationError) as refused:
        check_known_secret(stack, "secret", secret)

    assert str(refused.value).startswith(message)
