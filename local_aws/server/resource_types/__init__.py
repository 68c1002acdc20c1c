"""The CloudFormation resource types that ministack lacks or does not make as AWS does, one module each."""

from ministack.services.cloudformation import provisioners

from local_aws.server.resource_types import (
    archive,
    bucket,
    certificate,
    function,
    hosted_zone,
    key,
    listener_certificate,
    named_query,
    prepared_statement,
    replica_key,
    rotation_schedule,
    secret,
    secret_policy,
    slack_channel,
    topic,
    trail,
    volume,
)


def extend() -> None:
    """Add a row of handlers for each of these types."""
    for module in (
        archive,
        bucket,
        certificate,
        function,
        hosted_zone,
        trail,
        key,
        listener_certificate,
        named_query,
        prepared_statement,
        replica_key,
        secret,
        secret_policy,
        rotation_schedule,
        slack_channel,
        topic,
        volume,
    ):
        provisioners._RESOURCE_HANDLERS[module.TYPE] = module.row()
