"""What volumes need from a key policy."""

from collections.abc import Callable

import pytest

from constructs_lib.errors import ConfigurationError
from constructs_lib.principals import Principal
from constructs_lib.service_access import ebs
from constructs_lib.service_access.service_use import ServiceUse

WORKER = "arn:aws:iam::111122223333:role/Worker"
ROLE = (
    "arn:${AWS::Partition}:iam::111122223333:role/"
    "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
)


def test_encrypt_volumes_gives_exactly_this() -> None:
    use = ebs.encrypt_volumes(region="eu-west-1")
    assert [each.render() for each in use.statements([Principal.by_arn(WORKER)])] == [
        {
            "Sid": "Volumes96a302",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": [
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ],
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"}},
        },
        {
            "Sid": "VolumesGrants96a302",
            "Effect": "Allow",
            "Principal": {"AWS": WORKER},
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {
                "Bool": {"kms:GrantIsForAWSResource": "true"},
                "StringEquals": {"kms:ViaService": "ec2.eu-west-1.amazonaws.com"},
            },
        },
    ]
    assert use.creator == "ec2"


def test_launch_from_auto_scaling_gives_exactly_this() -> None:
    use = ebs.launch_from_auto_scaling(account="111122223333")
    assert [each.render() for each in use.statements()] == [
        {
            "Sid": "AutoScalingec4728",
            "Effect": "Allow",
            "Principal": {"AWS": ROLE},
            "Action": [
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey",
                "kms:GenerateDataKeyWithoutPlaintext",
                "kms:ReEncryptFrom",
                "kms:ReEncryptTo",
            ],
            "Resource": "*",
        },
        {
            "Sid": "AutoScalingGrantsec4728",
            "Effect": "Allow",
            "Principal": {"AWS": ROLE},
            "Action": "kms:CreateGrant",
            "Resource": "*",
            "Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        },
    ]
    assert use.creator == ""


@pytest.mark.parametrize(
    ("function", "arguments", "argument"),
    [
        (ebs.encrypt_volumes, {"region": "Ireland"}, "region"),
        (ebs.launch_from_auto_scaling, {"role_suffix": "a/b"}, "role_suffix"),
        (ebs.launch_from_auto_scaling, {"account": "1111"}, "account"),
    ],
)
def test_refuses_what_names_nothing_or_everything(
    function: Callable[..., ServiceUse], arguments: dict[str, str], argument: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{argument} must be "):
        function(**arguments)


def test_a_service_linked_role_may_have_a_suffix() -> None:
    use = ebs.launch_from_auto_scaling(role_suffix="Orders", account="111122223333")

    assert {each.role for each in use.running} == {f"{ROLE}_Orders"}
