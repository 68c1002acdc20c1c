"""Keys of a trail: symmetric ones in the Region of what they encrypt."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import check_symmetric_keys

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
        ConfigurationError: If one is no key, no symmetric one, or known to be in another Region. One of which only the
            deployment knows where it is may be any.
    """
    check_symmetric_keys(keys)
    here = cdk.Stack.of(scope).region
    for argument, key in keys.items():
        there = key.env.region
        if here != there and not cdk.Token.is_unresolved(here) and not cdk.Token.is_unresolved(there):
            raise ConfigurationError(
                f"{argument} must be in {here}, the Region of the bucket and of the log group, got {key.node.path} in "
                f"{there}"
            )
