import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local_aws import LocalAws

pytestmark = pytest.mark.deploy


def test_a_key_policy_names_the_role_that_auto_scaling_has(
    aws: LocalAws, make_key_policy: Callable[..., dict[str, Any]]
) -> None:
    iam, kms = aws.session().client("iam"), aws.session().client("kms")
    path = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
    arn = f"arn:aws:iam::{aws.account}:role/{path}"
    use = {"Effect": "Allow", "Principal": {"AWS": arn}, "Action": "kms:Decrypt", "Resource": "*"}
    policy = json.dumps(make_key_policy(use))
    with pytest.raises(ClientError, match="invalid principals"):
        kms.create_key(Policy=policy)

    role = iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")["Role"]

    assert role["Arn"] == arn
    assert kms.create_key(Policy=policy)["KeyMetadata"]["Enabled"]
    with pytest.raises(ClientError, match="has been taken in this account"):
        iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com")
    second = iam.create_service_linked_role(AWSServiceName="autoscaling.amazonaws.com", CustomSuffix="keys")["Role"]
    assert second["RoleName"] == "AWSServiceRoleForAutoScaling_keys"


def test_other_services_have_their_roles_too(aws: LocalAws) -> None:
    role = aws.session().client("iam").create_service_linked_role(AWSServiceName="guardduty.amazonaws.com")["Role"]

    assert role["Path"] == "/aws-service-role/guardduty.amazonaws.com/"
