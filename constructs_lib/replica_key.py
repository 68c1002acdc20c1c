"""ReplicaKey: the key of a further Region, with the id and material of its primary key and a policy of its own."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from aws_cdk import aws_kms as kms

from constructs_lib.key_settings import KeyState
from constructs_lib.twin_key import TwinKey

if TYPE_CHECKING:
    import aws_cdk as cdk
    from aws_cdk import aws_iam as iam
    from constructs import Construct

    from constructs_lib.key_kind import KeyKind
    from constructs_lib.key_settings import KeySettings, ReadSettings


class ReplicaKey(TwinKey):
    """A replica of a multi-Region key: `MultiRegionKey` makes one for each further Region.

    https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-replicate.html
    """

    def __init__(
        self,
        scope: "Construct",
        construct_id: str,
        *,
        primary_key_arn: str,
        kind: "KeyKind",
        people: "Mapping[str, Sequence[iam.IGrantable]]",
        properties: Mapping[str, Any],
        settings: "KeySettings",
        services: Sequence[str] | None,
    ) -> None:
        """Write the policy and make the replica.

        Args:
            scope: The construct that owns the replica, in a stack of its Region.
            construct_id: Name within `scope`.
            primary_key_arn: The ARN of the primary key, as text or as a reference that another Region can follow.
            kind: What the key can do.
            people: The people of its kind: argument to principals.
            properties: What the primary key has for itself: a replica has it from there.
            settings: What every kind of key may be told.
            services: AWS services through which deployers may use the key; None for all of the Region.
        """
        self._primary_key_arn = primary_key_arn
        super().__init__(
            scope, construct_id, kind=kind, people=people, properties=properties, settings=settings, services=services
        )

    def _make(
        self,
        policy: "dict[str, Any] | cdk.IResolvable",
        read: "ReadSettings",
        properties: Mapping[str, Any],  # noqa: ARG002  # spec, usage, origin and rotation are those of the primary key
    ) -> kms.CfnReplicaKey:
        self.checked_settings = {"pending_window_in_days": read.waiting_days}
        return kms.CfnReplicaKey(
            self,
            "Resource",
            description=read.description,
            enabled=False if read.state is KeyState.DISABLED else None,
            key_policy=policy,
            pending_window_in_days=read.waiting_days,
            primary_key_arn=self._primary_key_arn,
        )
