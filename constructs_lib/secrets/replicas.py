"""Replica: a copy of a secret in another Region, under a key of that Region."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.secret_key import check_secret_key
from constructs_lib.service_access.resource_names import checked_region
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms


@dataclass(frozen=True, kw_only=True)
class Replica:
    """A copy of a secret, with the same name, value and resource policy, that readers near it read.

    Whoever reads the secret reads the replica, under the key of its Region. A new value is encrypted under both keys;
    AWS does not say with whose permissions, so deployers, writers and who rotates are admitted to both.
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/replicate-secrets.html
    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html

    Attributes:
        region: Where it is.
        encryption_key: A key of that Region: of a stack there, a replica of a `MultiRegionKey`, or an `ExistingKey`.

    Examples:
        >>> from constructs_lib import ExistingKey
        >>> arn = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
        >>> key = ExistingKey.from_arn(cdk.Stack(cdk.App(), "Orders"), "Key", key_arn=arn)
        >>> Replica(region="eu-central-1", encryption_key=key).region
        'eu-central-1'
    """

    region: str
    encryption_key: "kms.IKey"

    def __post_init__(self) -> None:
        """Refuse a replica that would be under another key than it seems.

        Raises:
            ConfigurationError: If there is no key, or it is not one of that Region, or the Region is none.
        """
        if isinstance(self.region, str) and cdk.Token.is_unresolved(self.region):
            raise ConfigurationError("region must be a Region such as eu-west-1, which policies name, got a token")
        checked_region("region", self.region)
        check_secret_key("encryption_key", self.encryption_key, self.region)


def check_replicas(replicas: Sequence[Replica], region: str) -> None:
    """Refuse replicas that Secrets Manager would refuse.

    Args:
        replicas: What was given.
        region: The Region of the secret, which may be a token.

    Raises:
        ConfigurationError: If they are no sequence of replicas, or two are in one Region or one in the secret's.
    """
    given: object = replicas
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise ConfigurationError(f"replicas must be a sequence of Replica(...), got {spoken(given)}")
    seen = {region}
    for each in replicas:
        if not isinstance(each, Replica):
            raise ConfigurationError(f"replicas must be Replica(region=..., encryption_key=...), got {spoken(each)}")
        if each.region in seen:
            raise ConfigurationError(
                f"replicas must be in Regions of their own, other than that of the secret, got {each.region} twice"
            )
        seen.add(each.region)
