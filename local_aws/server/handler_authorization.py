"""CloudFormation's handlers do what the caller may do, and fail with AWS's words where it may not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

from constructs_lib.errors import ConfigurationError
from constructs_lib.execution_policy.handler_permissions import HandlerFacts, Permission, handler_facts
from local_aws.server.caller import caller
from local_aws.server.decision import Question, refusal
from local_aws.server.deployed_arns import DeployedArns, key_named
from local_aws.server.kms.condition_keys import key_context, request_keys
from local_aws.server.resource_types import certificate_calls, secret_calls
from local_aws.server.resource_types.key_calls import KEYS, is_called

# Reading what was created or updated is how CloudFormation learns its attributes.
_REPLICATE = "kms:ReplicateKey"
_HANDLERS = {"create": ("create", "read"), "update": ("update", "read"), "delete": ("delete",), "import": ("read",)}


class _Handler(Protocol):
    def __call__(self, *arguments: Any) -> Any: ...  # noqa: ANN401  # a row's functions differ in their arguments


def extend() -> None:
    """Decide the permissions of every handler of every resource type before it runs."""
    for resource_type, row in provisioners._RESOURCE_HANDLERS.items():
        for operation in _HANDLERS:
            if operation in row:
                row[operation] = _authorized(resource_type, operation, row[operation])


@dataclass(frozen=True, kw_only=True)
class _Operation:
    """One handler's call, read from its arguments."""

    resource_type: str
    operation: str
    properties: Mapping[str, Any]
    stack_name: str = ""
    logical_id: str = ""
    physical_id: str | None = None
    old: Mapping[str, Any] = field(default_factory=dict)


def _authorized(resource_type: str, operation: str, handler: _Handler) -> _Handler:
    def handle(*arguments: Any) -> Any:  # noqa: ANN401
        call = _read(resource_type, operation, arguments)
        principal = caller()
        for question in _questions(call):
            refused = refusal(question, principal)
            if refused is not None:
                raise PermissionError(
                    f'Resource handler returned message: "{refused}" (HandlerErrorCode: AccessDenied)'
                )
        return handler(*arguments)

    return handle


def _read(resource_type: str, operation: str, arguments: tuple[Any, ...]) -> _Operation:
    if operation == "create":
        logical_id, properties, stack_name = arguments
        return _Operation(
            resource_type=resource_type,
            operation=operation,
            properties=properties,
            stack_name=stack_name,
            logical_id=logical_id,
        )
    physical_id = str(next(iter(arguments[0].values())) if operation == "import" else arguments[0])
    properties = {} if operation == "import" else arguments[2 if operation == "update" else 1]
    return _Operation(
        resource_type=resource_type,
        operation=operation,
        properties=properties,
        physical_id=physical_id,
        old=arguments[1] if operation == "update" else {},
    )


def _questions(call: _Operation) -> Iterator[Question]:
    try:
        facts = handler_facts(call.resource_type, call.logical_id)
    except ConfigurationError:
        # Nobody wrote down what the type needs: only who may do everything with its service may deploy it.
        yield Question(action=f"{call.resource_type.split('::')[1].lower()}:*", resource="*")
        return
    arns = DeployedArns(
        facts=facts,
        properties=call.properties,
        stack_name=call.stack_name,
        logical_id=call.logical_id,
        physical_id=call.physical_id,
    )
    for permission in facts.permissions(_HANDLERS[call.operation], call.properties, arns):
        if call.resource_type in KEYS and not is_called(permission.action, call.operation, call.old, call.properties):
            continue
        if not secret_calls.is_called(permission.action, call.resource_type, call.old, call.properties):
            continue
        for resource in permission.resources:
            if secret_calls.is_of_replica(permission.action, call.resource_type, resource):
                continue
            yield from _asked(
                call, permission, resource, _new_key_policy(facts, call, permission), secret_arns=arns.own()
            )


def _new_key_policy(facts: HandlerFacts, call: _Operation, permission: Permission) -> Mapping[str, Any] | None:
    """Return the policy that a key will have, for what its own creation does with it afterwards."""
    is_new = facts.resource_type in KEYS and call.operation == "create" and permission.action != _REPLICATE
    policy = call.properties.get("KeyPolicy") if is_new and "*" not in permission.resources else None
    return policy if isinstance(policy, Mapping) else None


def _asked(
    call: _Operation,
    permission: Permission,
    resource: str,
    resource_policy: Mapping[str, Any] | None,
    *,
    secret_arns: Sequence[str],
) -> Iterator[Question]:
    context = secret_calls.context(permission.action, call.resource_type, secret_arns, call.properties)
    if permission.action.startswith("acm:"):
        context |= certificate_calls.context(permission.action, resource, call.properties)
    if permission.action.startswith("kms:"):
        context |= _kms_context(call, permission, resource)
    combinations = [context]
    for key, values in permission.conditions.items():
        combinations = [{**each, key: value} for each in combinations for value in values]
    for each in combinations:
        yield Question(action=permission.action, resource=resource, context=each, resource_policy=resource_policy)


def _kms_context(call: _Operation, permission: Permission, resource: str) -> dict[str, Any]:
    context: dict[str, Any] = {"kms:CallerAccount": get_account_id()}
    key = key_named(resource)
    if key is not None:
        context |= key_context(key)
    if call.resource_type in KEYS:
        # The properties of keys have the names of the parameters that they become.
        request = {**call.properties, "ReplicaRegion": get_region()}
        context |= request_keys(permission.action.removeprefix("kms:"), request)
    if permission.through is not None:
        # A replica of a table uses the key of its own Region, through the service there.
        region = resource.split(":")[3] if resource.startswith("arn:") else get_region()
        context["kms:ViaService"] = f"{permission.through}.{region}.amazonaws.com"
    if permission.action == "kms:CreateGrant":
        context["kms:GrantIsForAWSResource"] = str(permission.through is not None).lower()
    return context
