"""What CloudWatch Logs needs from a key policy."""

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group

ARN = "arn:aws:logs:eu-west-1:111122223333:log-group:Orders-EncryptLogGroup1A2B3C4D-*"


def test_one_log_group_is_admitted_by_its_arn_with_exact_actions() -> None:
    assert encrypt_log_group(region="eu-west-1", log_group_arn=ARN).render() == {
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


def test_statements_of_two_log_groups_have_two_sids() -> None:
    other = ARN.replace("Encrypt", "Decrypt")

    sids = {encrypt_log_group(region="eu-west-1", log_group_arn=arn).sid for arn in (ARN, other)}

    assert len(sids) == 2


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:logs:eu-west-1:111122223333:log-group:*",
        "arn:aws:logs:eu-west-1:111122223333:log-group:",
        "arn:aws:logs:eu-west-1:111122223333:log-group:*-orders",
        "arn:aws:logs:eu-west-1:111122223333:log-group:orders:*",
        "arn:aws:logs:eu-west-1:111122223333:*",
        "arn:aws:s3:::orders",
    ],
)
def test_refuses_what_is_not_one_log_group(arn: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^log_group_arn must be the ARN of one log group"):
        encrypt_log_group(region="eu-west-1", log_group_arn=arn)
