"""Serve ministack, with what it lacks added to it, on one TLS port of the loopback interface."""

import asyncio
import socket

from hypercorn.asyncio import serve as serve_with_hypercorn
from hypercorn.config import Config
from ministack import app as ministack_app

from local_aws.server import (
    administrator,
    arn_conditions,
    at_rest,
    batch_actions,
    call_recording,
    certificates,
    custom_resources,
    denial_text,
    dynamic_references,
    event_sources,
    execution_role,
    existing_names,
    function_sessions,
    function_worker,
    generated_names,
    handler_authorization,
    kms,
    log_group_keys,
    member_accounts,
    metric_filters,
    missing_objects,
    notifications,
    object_events,
    operator_commands,
    parameter_authorization,
    principal_arn,
    principal_kind,
    record_set_conditions,
    resource_account,
    resource_types,
    root_keys,
    secrets,
    served_certificates,
    service_linked_roles,
    sliced_answers,
    stack_outputs,
    stream_batches,
    trails,
    version_ranges,
    wait_conditions,
    wire_protocols,
)
from local_aws.server.kms import key_policy_checks
from local_aws.server.open_paths import only_aws
from local_aws.settings import Settings


def serve(settings: Settings, listener: socket.socket) -> None:
    """Extend ministack and serve it until the process ends."""
    root_keys.close()
    principal_arn.extend()
    principal_kind.extend()
    arn_conditions.extend()
    resource_account.extend()
    service_linked_roles.extend()
    kms.extend()
    batch_actions.extend()
    denial_text.extend()
    call_recording.extend()
    version_ranges.extend()
    at_rest.extend()
    secrets.extend()
    certificates.extend()
    record_set_conditions.extend()
    member_accounts.extend()
    function_sessions.extend()
    notifications.extend()
    metric_filters.extend()
    trails.extend()
    missing_objects.extend()
    object_events.extend()
    sliced_answers.extend()
    wire_protocols.extend()
    _extend_cloudformation()
    function_worker.extend(settings)
    administrator.create(settings)
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.certfile = str(settings.certificate)
    config.keyfile = str(settings.private_key)
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"
    asyncio.run(_serve(config))


def _extend_cloudformation() -> None:
    """Extend what the handlers of resource types do, from the inside out."""
    resource_types.extend()
    served_certificates.extend()
    event_sources.extend()
    stream_batches.extend()
    log_group_keys.extend()
    generated_names.extend()
    wait_conditions.extend()
    existing_names.extend()
    handler_authorization.extend()
    # The outermost: KMS refuses a policy before there is a key that anything could be done with.
    key_policy_checks.extend_handlers()
    parameter_authorization.extend()
    stack_outputs.extend()
    dynamic_references.extend()
    custom_resources.extend()
    execution_role.extend()


async def _serve(config: Config) -> None:
    operator_commands.listen(asyncio.get_running_loop())
    trails.delivery.deliver_in(asyncio.get_running_loop())
    await serve_with_hypercorn(only_aws(ministack_app.app), config)
