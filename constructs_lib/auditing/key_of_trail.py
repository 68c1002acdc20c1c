"""Keys of a trail: symmetric ones in the Region of what they encrypt."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.alias_name import OF_AWS, PREFIX
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_address import KeyAddress
from constructs_lib.wiring.given_resources import check_symmetric_keys
from constructs_lib.wiring.places import are_apart

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aws_cdk import aws_kms as kms
    from constructs import Construct


def check_keys_of_trail(scope: "Construct", keys: "Mapping[str, kms.IKey]") -> None:
    """Refuse keys under which neither a bucket nor a log group that is here can be encrypted.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html

    Args:
        scope: Where these are.
        keys: Argument to key.

    Raises:
        ConfigurationError: If one is no key, no symmetric one, one that AWS manages, or known to be in another Region.
            One of which only the deployment knows where it is may be any.
    """
    check_symmetric_keys(keys)
    here = cdk.Stack.of(scope).region
    for argument, key in keys.items():
        if _is_managed_by_aws(key):
            raise ConfigurationError(
                f"{argument} must be a key of yours, whose policy can let CloudTrail and CloudWatch Logs use it, such "
                f"as EncryptionKey(...) or ExistingKey.from_arn(...), got {key.node.path}, which AWS manages"
            )
        there = key.env.region
        if are_apart(here, there):
            raise ConfigurationError(
                f"{argument} must be in {here}, the Region of the bucket and of the log group, got {key.node.path} in "
                f"{there}"
            )


def _is_managed_by_aws(key: "kms.IKey") -> bool:
    address = getattr(key, "_address", None)  # an ExistingKey knows by which alias it was looked up
    if isinstance(address, KeyAddress):
        return address.is_managed_by_aws
    return str(getattr(key, "alias_name", "")).startswith(PREFIX + OF_AWS)
