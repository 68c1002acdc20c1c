"""The same key twice: ours, and the CDK's own with the same features."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_cdk import Stack
    from aws_cdk import aws_kms as kms

    from constructs_lib import EncryptionKey


def our_key(scope: "Stack", number: int) -> "EncryptionKey":
    """Return our key with its defaults and an alias."""
    from constructs_lib import EncryptionKey  # noqa: PLC0415  # the import is part of what is measured

    return EncryptionKey(scope, f"Key{number}", alias=f"benchmark/{number}")


def raw_key(scope: "Stack", number: int) -> "kms.Key":
    """Return the CDK's own key with what ours has by default."""
    from aws_cdk import Duration, RemovalPolicy  # noqa: PLC0415  # the import is part of what is measured
    from aws_cdk import aws_kms as kms  # noqa: PLC0415

    return kms.Key(
        scope,
        f"Key{number}",
        alias=f"benchmark/{number}",
        enable_key_rotation=True,
        rotation_period=Duration.days(365),
        pending_window=Duration.days(30),
        removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    )
