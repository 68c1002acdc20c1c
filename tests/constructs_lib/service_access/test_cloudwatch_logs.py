"""What CloudWatch Logs needs from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group, encrypt_log_group_at
from constructs_lib.service_access.service_use import ServiceUse

ARN = "arn:aws:logs:eu-west-1:111122223333:log-group:Orders-EncryptLogGroup1A2B3C4D-*"


def test_one_log_group_is_admitted_by_its_arn_with_exact_actions() -> None:
    assert [each.render() for each in encrypt_log_group_at(region="eu-west-1", log_group_arn=ARN).statements()] == [
        {
            "Sid": "CloudWatchLogs335698",
            "Effect": "Allow",
            "Principal": {"Service": "logs.eu-west-1.amazonaws.com"},
            "Action": [
                "kms:Decrypt",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ],
            "Resource": "*",
            "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": ARN}},
        }
    ]


def test_a_log_group_is_admitted_by_its_name_as_by_its_arn() -> None:
    arn = "arn:${AWS::Partition}:logs:eu-west-1:111122223333:log-group:orders"

    named = encrypt_log_group(log_group_name="orders", region="eu-west-1", account="111122223333")

    assert named == encrypt_log_group_at(log_group_arn=arn, region="eu-west-1")
    assert named.creator == "logs"


def test_statements_of_two_log_groups_have_two_sids() -> None:
    uses = (encrypt_log_group(log_group_name=name) for name in ("orders", "payments"))

    assert len({use.statements()[0].sid for use in uses}) == 2


@pytest.mark.parametrize(
    ("region", "principal"),
    [
        ("us-gov-west-1", "logs.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", "logs.cn-north-1.amazonaws.com.cn"),
        ("${AWS::Region}", "logs.${AWS::Region}.${AWS::URLSuffix}"),
    ],
)
def test_the_principal_is_regional_and_ends_in_the_suffix_of_its_partition(region: str, principal: str) -> None:
    [statement] = encrypt_log_group(log_group_name="orders", region=region).statements()

    assert statement.principals == {"Service": (principal,)}


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:logs:eu-west-1:111122223333:log-group:*",
        "arn:aws:logs:eu-west-1:111122223333:log-group:",
        "arn:aws:logs:eu-west-1:111122223333:log-group:*-orders",
        "arn:aws:logs:eu-west-1:111122223333:log-group:orders:*",
        "arn:aws:logs:eu-west-1:111122223333:log-group:<its literal name>",
        "arn:aws:logs:eu-west-1:111122223333:*",
        "arn:aws:s3:::orders",
    ],
)
def test_refuses_what_is_not_one_log_group(arn: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^log_group_arn must be the ARN of one log group"):
        encrypt_log_group_at(log_group_arn=arn)


@pytest.mark.parametrize("name", ["/aws/lambda/orders", "orders#1.a_b-c", "${AWS::StackName}-Logs*", "x" * 512])
def test_a_log_group_is_called_as_cloudwatch_logs_takes_it(name: str) -> None:
    [statement] = encrypt_log_group(log_group_name=name).statements()

    assert str(statement.conditions["ArnLike"]).endswith(f":log-group:{name}',)}}")


@pytest.mark.parametrize(
    "name",
    [
        *("", "*", "?", "*-orders", "orders:*", "arn:aws:logs:eu-west-1:111122223333:*"),
        *("<its literal name>", "or ders", "straße", "orders@1", "x" * 513),
    ],
)
def test_refuses_a_name_that_is_none_or_covers_every_log_group(name: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        encrypt_log_group(log_group_name=name)

    assert str(refused.value) == (
        "log_group_name must be the name of a log group such as orders, or a pattern that starts with a part of one, "
        f"got {name!r}"
    )


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (encrypt_log_group, {"log_group_name": "orders", "account": "1111"}, "account"),
        (encrypt_log_group, {"log_group_name": "orders", "region": "Ireland"}, "region"),
        (encrypt_log_group_at, {"log_group_arn": ARN, "region": "Ireland"}, "region"),
    ],
)
def test_refuses_a_place_that_is_none(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)
