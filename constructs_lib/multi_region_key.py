"""MultiRegionKey: one key in several Regions, each with a policy, an alias and tags of its own."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import aws_cdk as cdk
from aws_cdk.region_info import RegionInfo
from constructs import Construct, IConstruct

from constructs_lib.actions import REPLICATE_KEY
from constructs_lib.errors import ConfigurationError
from constructs_lib.key_kind import SYMMETRIC
from constructs_lib.key_policy import Administration
from constructs_lib.key_settings import KeySettings
from constructs_lib.naming.deployment_role import deployment_role
from constructs_lib.principals import Permission
from constructs_lib.replica_key import ReplicaKey
from constructs_lib.symmetric_settings import check_services, rotation_properties
from constructs_lib.twin_key import TwinKey

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam


class MultiRegionKey(TwinKey):
    """A symmetric key with the same id and material in several Regions: what one encrypts, the others decrypt.

    Defines the primary key in the stack of `scope` and a replica in the stack of each of `replicas`. It is the primary
    key itself, a `kms.IKey` for what is in its Region; `in_region_of(stack)` is the key for a stack of another one.
    People of the constructor are named in every Region's policy; what is granted on one key holds in its Region alone.

    Replicas are deployed after the primary key. `docs/multi-region-keys.md` has what takes more than one deployment:
    removing a replica and adding it again, imported material, another primary Region.

    A replica is a decision about where data may be decrypted: the same ciphertext opens in each of the Regions.

    Examples:
        >>> import aws_cdk as cdk
        >>> from aws_cdk import aws_s3 as s3
        >>> app = cdk.App()
        >>> ireland = cdk.Stack(app, "Ireland", env=cdk.Environment(account="111122223333", region="eu-west-1"))
        >>> virginia = cdk.Stack(app, "Virginia", env=cdk.Environment(account="111122223333", region="us-east-1"))
        >>> key = MultiRegionKey(ireland, "Key", replicas=[virginia], alias="orders")
        >>> bucket = s3.Bucket(virginia, "Bucket", encryption_key=key.in_region_of(virginia))
        >>> [cdk.Stack.of(each).region for each in key.everywhere]
        ['eu-west-1', 'us-east-1']
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        replicas: Sequence[Construct],
        rotation_period: "cdk.Duration | None" = None,
        encrypters: "Sequence[iam.IGrantable]" = (),
        decrypters: "Sequence[iam.IGrantable]" = (),
        services: Sequence[str] | None = None,
        **settings: Unpack[KeySettings],
    ) -> None:
        """Define the key in each Region.

        Args:
            scope: The construct that owns the primary key. Its stack has a known Region and is not nested.
            construct_id: Name within `scope` and within each of `replicas`. It is part of the logical ids: changing it
                in deployed stacks makes a new primary key and asks for second replicas.
            replicas: A stack, or a construct in a stack, for each further Region.
            rotation_period: Time between rotations of the key material, 90 to 2,560 days. Replicas rotate with the
                primary key. Default: 365 days. Imported material does not rotate by itself.
            encrypters: People who may encrypt and generate data keys, in every Region. Default: nobody.
            decrypters: People who may decrypt, in every Region. Default: nobody.
            services: AWS services through which deployers may use the key, each in its Region, such as `lambda` or
                `rds`. An empty list is none. Default: every service of the Region.
            **settings: What every kind of key takes, for the key of every Region: `KeySettings` has them all. KMS
                replicates no primary key that is disabled, or whose material was not imported yet.

        Raises:
            ConfigurationError: If the Regions are not known and different, if the stacks are not of one account,
                partition and Stage, or for what `EncryptionKey` refuses.
        """
        check_services(services)
        _check_primary(scope)
        _check_replicas(scope, construct_id, replicas=replicas)
        kind, people = SYMMETRIC.in_several_regions(), {"encrypters": encrypters, "decrypters": decrypters}
        rotation = rotation_properties(settings, rotation_period)
        super().__init__(
            scope,
            construct_id,
            kind=kind,
            people=people,
            services=services,
            properties={"multi_region": True, **rotation},
            settings=settings,
        )
        self._replicas = [
            ReplicaKey(
                replica,
                construct_id,
                # Weak, whatever the app says: a strong one would need a function in each of the two Regions.
                primary_key_arn=cdk.Stack.consume_reference(self._arn, cdk.ReferenceStrength.WEAK),
                kind=kind,
                people=people,
                properties=rotation,
                services=services,
                settings=settings,
            )
            for replica in replicas
        ]
        if settings.get("administration") is Administration.ONLY_NAMED and not settings.get("deployers"):
            self._admit_replication()
        twins = {cdk.Stack.of(key).region: key for key in self.everywhere}
        for key in self.everywhere:
            key.twins = twins
        for key in self.everywhere:
            key._allow_people()  # noqa: SLF001  # a key of its own kind

    @property
    def everywhere(self) -> tuple[TwinKey, ...]:
        """The key of each Region, the primary first: for permissions that hold in all of them."""
        return (self, *self._replicas)

    def in_region_of(self, scope: IConstruct) -> TwinKey:
        """Return the key of a Region: to encrypt there, and to be granted there.

        Args:
            scope: A stack of the Region, or a construct in it.

        Raises:
            ConfigurationError: If it is no construct, the key is not there, or the stack's Region is not known.
        """
        if not hasattr(scope, "node"):
            raise ConfigurationError(f"[{self.node.path}] scope must be a stack or a construct in one, got {scope!r}")
        region = cdk.Stack.of(scope).region
        if region not in self.twins:
            raise ConfigurationError(
                f"[{self.node.path}] scope must be in a Region of the key, {', '.join(self.twins)}, "
                f"got {scope.node.path} in {_spoken(region)}"
            )
        return self.twins[region]

    def _admit_replication(self) -> None:
        """Let each Region's deployer make its replica: KMS asks the policy of the primary key.

        https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-auth.html
        """
        for replica in self._replicas:
            stack = cdk.Stack.of(replica)
            deployer = deployment_role(stack, self._text)
            only_there = {"StringEquals": {"kms:ReplicaRegion": (stack.region,)}}
            self._admit([Permission(deployer, (REPLICATE_KEY,), only_there)])


def _check_primary(scope: Construct) -> None:
    stack = cdk.Stack.of(scope)
    if cdk.Token.is_unresolved(stack.region):
        raise ConfigurationError(f"scope must be in a stack of a known Region, got {stack.node.path} of any Region")
    if stack.nested_stack_parent is not None:
        raise ConfigurationError(
            f"scope must be in a stack that is not nested, whose outputs other Regions can read, got {stack.node.path}"
        )


def _check_replicas(scope: Construct, construct_id: str, *, replicas: object) -> None:
    if isinstance(replicas, str) or not isinstance(replicas, Sequence):
        raise ConfigurationError(f"replicas must be a sequence of stacks or constructs, got {type(replicas).__name__}")
    taken = [cdk.Stack.of(scope).region]
    for replica in replicas:
        if not isinstance(replica, Construct):
            raise ConfigurationError(f"replicas must be stacks or constructs, got {type(replica).__name__}")
        _check_environment(scope, replica)
        region = cdk.Stack.of(replica).region
        if region in taken:
            raise ConfigurationError(
                f"replicas must each be in another Region than the primary key and the rest, got {replica.node.path} "
                f"in {region} again"
            )
        taken.append(region)
        if replica.node.try_find_child(construct_id) is not None:
            raise ConfigurationError(
                f"replicas must have room for a {construct_id}, got {replica.node.path}, which has one"
            )


def _check_environment(scope: Construct, replica: Construct) -> None:
    mine, theirs = cdk.Stack.of(scope), cdk.Stack.of(replica)
    if cdk.Token.is_unresolved(theirs.region):
        raise ConfigurationError(f"replicas must be in stacks of known Regions, got {theirs.node.path} of any Region")
    for what, here, there in (
        ("account", mine.account, theirs.account),
        ("partition", RegionInfo.get(mine.region).partition, RegionInfo.get(theirs.region).partition),
    ):
        if here != there:
            raise ConfigurationError(
                f"replicas must be in the {what} of the primary key, {_spoken(here)}, "
                f"got {theirs.node.path} in {_spoken(there)}"
            )
    if cdk.Stage.of(replica) is not cdk.Stage.of(scope):
        raise ConfigurationError(f"replicas must be in the app and Stage of the primary key, got {theirs.node.path}")


def _spoken(place: str | None) -> str:
    return "one known at deployment" if place is None or cdk.Token.is_unresolved(place) else place
