"""Where a rotation function may stand."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.rotating_stack import check_stacks

ARN = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"


@pytest.fixture
def stacks() -> tuple[cdk.Stack, cdk.Stack]:
    app = cdk.App()
    return cdk.Stack(app, "Home"), cdk.Stack(app, "Other")


def test_the_function_stands_with_the_secret_or_without_its_key(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    home, other = stacks
    secret, key = cdk.Resource(home, "Secret"), kms.Key(home, "Key")

    for stack in stacks:
        check_stacks(secret, key, secretsmanager.CfnRotationSchedule(stack, "Schedule", secret_id="orders"))  # a name
    schedule = secretsmanager.CfnRotationSchedule(other, "Imported", secret_id="orders")  # a name
    check_stacks(secret, kms.Key.from_key_arn(other, "ImportedKey", ARN), schedule)


def test_refuses_a_key_beside_the_function_of_another_stack(stacks: tuple[cdk.Stack, cdk.Stack]) -> None:
    home, other = stacks
    schedule = secretsmanager.CfnRotationSchedule(other, "Schedule", secret_id="orders")  # a name

    with pytest.raises(
        ConfigurationError, match="encryption_key must not be in the stack Other of the rotation function"
    ):
        check_stacks(cdk.Resource(home, "Secret"), kms.Key(other, "Key"), schedule)
