"""What ministack's Secrets Manager lacks or does not do as AWS does, one module each."""

from local_aws.server.secrets import (
    condition_keys,
    creation,
    deletion,
    operations,
    replication,
    resource_policies,
    rotation,
    versions,
)


def extend() -> None:
    """Extend ministack's Secrets Manager."""
    for module in (
        creation,
        versions,
        replication,
        rotation,
        deletion,
        resource_policies,
        condition_keys,
        operations,
    ):
        module.extend()
