"""The stacks of the reference app that several scenes look at, each of them at another key."""

from typing import NamedTuple

import aws_cdk as cdk

from app import AuditStack, KeyStack, SecretStack, WorkloadStack


class DataStacks(NamedTuple):
    """The keys and what is encrypted under them."""

    keys: KeyStack
    workload: WorkloadStack


class AuditedStacks(NamedTuple):
    """All of the app."""

    keys: KeyStack
    workload: WorkloadStack
    secrets: SecretStack
    audit: AuditStack


def data_stacks(app: cdk.App) -> DataStacks:
    """Define the keys and what is encrypted under them."""
    keys = KeyStack(app, "Keys")
    return DataStacks(keys, WorkloadStack(app, "Workload", keys=keys))


def audited_stacks(app: cdk.App) -> AuditedStacks:
    """Define all of the app."""
    keys, workload = data_stacks(app)
    secrets = SecretStack(app, "Secrets", keys=keys)
    return AuditedStacks(
        keys, workload, secrets, AuditStack(app, "Audit", keys=keys, workload=workload, secrets=secrets)
    )
