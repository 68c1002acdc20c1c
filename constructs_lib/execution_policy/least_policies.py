"""The least policy for the role with which CloudFormation creates an app's resources.

`cdk bootstrap` gives that role AdministratorAccess unless it is told otherwise. This module reads what `cdk
synth` wrote and allows what the handlers of the app's own resource types do, on the app's own resources.
Some limits remain, since neither AWS nor a template can say more:

- the id of a KMS key is random, so administrative actions work on the account's keys, as far as their key
  policies allow it; cryptographic actions are allowed only through the service that the template names;
- who may write the policies of the app's roles can give them any permission: combine this policy with a
  permissions boundary (`cdk bootstrap --custom-permissions-boundary`) where that matters.

Print it with `python -m constructs_lib.execution_policy cdk.out`: a list of documents, each small enough for a
managed policy. Create a managed policy of each and pass their ARNs to `cdk bootstrap
--cloudformation-execution-policies`. Do it again whenever the app uses more than before.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from constructs_lib.actions import CREATE_GRANT, READ_TEMPLATE_PARAMETERS
from constructs_lib.execution_policy.cloud_assembly import CloudAssembly, DeployedTemplate, read_cloud_assembly
from constructs_lib.execution_policy.handler_permissions import Permission, handler_facts
from constructs_lib.execution_policy.resolved_references import resolving_permissions
from constructs_lib.execution_policy.stack_outputs import reading_permissions
from constructs_lib.execution_policy.template_arns import Place, TemplateArns

_Condition: TypeAlias = tuple[tuple[str, str, tuple[str, ...]], ...]

# Stacks are created, updated and deleted. The `list` handlers serve other tools than CloudFormation.
_HANDLERS = ("create", "read", "update", "delete")

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: white space is not counted.
_LARGEST_POLICY = 6144


def execution_policies(assembly: Path, *, place: Place | None = None) -> list[dict[str, Any]]:
    """Derive the least execution policy of an app from its cloud assembly.

    Args:
        assembly: The folder that `cdk synth` wrote.
        place: Where it is deployed; any account and Region of the partition `aws` unless told otherwise.

    Returns:
        As many policy documents as it takes to stay below the size limit of managed policies.

    Raises:
        ConfigurationError: If the folder is no cloud assembly, or a template has a resource of an unknown type.
    """
    found = read_cloud_assembly(assembly)
    where = place or Place()
    permissions = [p for template in found.templates for p in _permissions(found, template, where)]
    return _documents(_statements(permissions, where))


def _permissions(assembly: CloudAssembly, template: DeployedTemplate, place: Place) -> Iterator[Permission]:
    for parameter in template.template.get("Parameters", {}).values():
        # CloudFormation reads such a parameter as the execution role; the bootstrap version is one.
        if parameter["Type"].startswith("AWS::SSM::Parameter::Value"):
            name = str(parameter.get("Default", "*")).lstrip("/")
            arn = f"arn:{place.partition}:ssm:{place.region}:{place.account}:parameter/{name}"
            yield Permission(action=READ_TEMPLATE_PARAMETERS, resources=(arn,))
    yield from reading_permissions(template.template, place)
    yield from resolving_permissions(template.template.get("Resources", {}), place)
    for logical_id, resource in template.resources.items():
        facts = handler_facts(resource["Type"], f"{template.stack_name}/{logical_id}")
        arns = TemplateArns(assembly, template, logical_id, place)
        yield from facts.permissions(_HANDLERS, resource.get("Properties", {}), arns)


def _conditions(permission: Permission, place: Place) -> _Condition:
    found = [
        # Where CloudFormation chooses a name, what is known of its ARN is a pattern.
        ("ArnLike" if key.lower().endswith("arn") else "StringEquals", key, tuple(sorted(values)))
        for key, values in permission.conditions.items()
    ]
    if permission.through is not None:
        service = f"{permission.through}.{place.region}.amazonaws.com"
        found.append(("StringLike", "kms:ViaService", (service,)))
        if permission.action == CREATE_GRANT:
            found.append(("Bool", "kms:GrantIsForAWSResource", ("true",)))
    return tuple(sorted(found))


def _statements(permissions: Iterable[Permission], place: Place) -> list[dict[str, Any]]:
    """Merge: actions that share resources and conditions, then resources that share actions and conditions."""
    actions: dict[tuple[tuple[str, ...], _Condition], set[str]] = defaultdict(set)
    resources: dict[tuple[str, _Condition], set[str]] = defaultdict(set)
    for permission in permissions:
        resources[permission.action, _conditions(permission, place)].update(permission.resources)
    for (action, conditions), found in resources.items():
        kept = ("*",) if "*" in found else tuple(sorted(found))
        actions[kept, conditions].add(action)
    statements = []
    for (kept, conditions), names in actions.items():
        statement: dict[str, Any] = {"Effect": "Allow", "Action": sorted(names), "Resource": list(kept)}
        for operator, key, values in conditions:
            statement.setdefault("Condition", {}).setdefault(operator, {})[key] = list(values)
        statements.append(statement)
    return sorted(statements, key=lambda each: json.dumps([each["Action"], each["Resource"]]))


def _documents(statements: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = []
    for statement in (part for each in statements for part in _parts(each)):
        if documents and _size([*documents[-1]["Statement"], statement]) <= _LARGEST_POLICY:
            documents[-1]["Statement"].append(statement)
        else:
            documents.append({"Version": "2012-10-17", "Statement": [statement]})
    return documents


def _parts(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Cut a statement with too many resources for one document into several with fewer."""
    resources = statement["Resource"]
    if _size([statement]) <= _LARGEST_POLICY or len(resources) == 1:
        yield statement
        return
    middle = len(resources) // 2
    for half in (resources[:middle], resources[middle:]):
        yield from _parts({**statement, "Resource": half})


def _size(statements: Sequence[dict[str, Any]]) -> int:
    return len(json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":")))
