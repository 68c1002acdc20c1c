"""TemplateKey: a key of a synthesised template, with its policy as KMS will show it, as far as that is known."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from constructs_lib.actions import OF_KEY_POLICIES
from constructs_lib.alias_name import PREFIX
from constructs_lib.errors import ConfigurationError
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located
from constructs_lib.key_kind import AGREEMENT, ASYMMETRIC_ENCRYPTION, MAC, SIGNING, SYMMETRIC, KeyKind

_KEY, _REPLICA, _ALIAS = "AWS::KMS::Key", "AWS::KMS::ReplicaKey", "AWS::KMS::Alias"
_KINDS = (SYMMETRIC, ASYMMETRIC_ENCRYPTION, SIGNING, MAC, AGREEMENT)
_SYMMETRIC_SPEC = "SYMMETRIC_DEFAULT"
_NAMES = {"AWS::IAM::Role": ("role", "RoleName"), "AWS::IAM::User": ("user", "UserName")}
_IN_TEXT = re.compile(r"\$\{[^{}]*#([^{}.#]+)\.([^{}]+)\}")


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What a template leaves to its deployment.

    Attributes:
        account: Of the stack, if the manifest beside the template does not say; empty if nobody does.
        region: Likewise.
        partition: The partition of both.
        physical_names: Logical ids of the stack to what CloudFormation named them, as it says today.
    """

    account: str = ""
    region: str = ""
    partition: str = "aws"
    physical_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TemplateKey:
    """A key of a template.

    Attributes:
        logical_id: Its logical id.
        actions: What a key of its kind has.
        use: Those that use the key on data.
        policy: Its policy, with `${...}` for what only the deployment knows.
    """

    logical_id: str
    actions: frozenset[str]
    use: frozenset[str]
    policy: Mapping[str, Any]


def find_key(template: Path, wanted: str | None, deployment: Deployment) -> TemplateKey:
    """Return a key of a template.

    Args:
        template: A template that `cdk synth` wrote, beside the manifest of its assembly.
        wanted: Logical id, construct path or alias; None for the only key of the template.
        deployment: What is known of the deployment.

    Raises:
        ConfigurationError: If the file is no template, or not one key is meant.
    """
    templates = _read(template)
    path = str(template)
    place = Located(path, _logical_id(References(templates), path, wanted))
    properties = templates.properties(place)
    kind = _kind(templates, place)
    return TemplateKey(
        logical_id=place.logical_id,
        actions=OF_KEY_POLICIES if kind is None else kind.actions,
        use=frozenset().union(*(each.use for each in (_KINDS if kind is None else [kind]))),
        policy=_literal(properties.get("KeyPolicy", {}), _texts(templates, path, deployment)),
    )


def _read(template: Path) -> CloudTemplates:
    try:
        # What other stacks export, so that references to them are known.
        others = [str(path) for path in template.parent.glob("*.template.json") if path != template]
        found = CloudTemplates.read([str(template), *others])
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"template must be one that 'cdk synth' wrote, got {template}: {error}") from error
    if not all(
        isinstance(each, dict) and isinstance(each.get("Resources", {}), dict) for each in found.by_path.values()
    ):
        raise ConfigurationError(f"template must be one that 'cdk synth' wrote, with others beside it, got {template}")
    return found


def _logical_id(references: References, path: str, wanted: str | None) -> str:
    templates = references.templates
    keys = {
        place.logical_id: str(resource.get("Metadata", {}).get("aws:cdk:path", "")).removesuffix("/Resource")
        for place, resource in templates.resources(_KEY, _REPLICA)
        if place.template == path
    }
    targets = {
        references.text(path, resource["Properties"].get("AliasName")): target.logical_id
        for place, resource in templates.resources(_ALIAS)
        if place.template == path
        for target in references.meant_by(path, resource["Properties"].get("TargetKeyId"))
    }
    if wanted is None:
        found = list(keys)
    else:
        names = {wanted.removesuffix("/Resource"), targets.get(wanted), targets.get(PREFIX + wanted)}
        found = [logical_id for logical_id, construct in keys.items() if names & {logical_id, construct}]
    if len(found) != 1:
        known = ", ".join(sorted(keys)) or "no key"
        raise ConfigurationError(
            f"key must be the logical id, construct path or alias of one key of the template, got {wanted!r}; "
            f"the template has {known}"
        )
    return found[0]


def _kind(templates: CloudTemplates, place: Located) -> KeyKind | None:
    """Return the kind of a key, or None for a replica, whose template does not say."""
    if templates.resource(place).get("Type") == _REPLICA:
        return None
    properties = templates.properties(place)
    usage = properties.get("KeyUsage", SYMMETRIC.usage)
    symmetric = properties.get("KeySpec", _SYMMETRIC_SPEC) == _SYMMETRIC_SPEC
    kinds = [SYMMETRIC] if usage == SYMMETRIC.usage and symmetric else [k for k in _KINDS[1:] if k.usage == usage]
    if not kinds:
        return None
    kind = kinds[0].with_imported_material() if properties.get("Origin") == "EXTERNAL" else kinds[0]
    return kind.in_several_regions() if properties.get("MultiRegion") is True else kind


def _texts(templates: CloudTemplates, path: str, deployment: Deployment) -> Callable[[object], str]:
    """Return what tells the text of a value in the template."""
    references = References(templates)
    stack = templates.stack(path)
    account = stack.account or deployment.account or "${AWS::AccountId}"
    region = stack.region or deployment.region or "${AWS::Region}"
    pseudo = {"AccountId": account, "Region": region, "Partition": deployment.partition}

    def resource(found: re.Match[str]) -> str:
        logical_id, attribute = found.groups()
        place = Located(found[0][2:].partition("#")[0], logical_id)
        kind, property_name = _NAMES.get(templates.resource(place).get("Type", ""), ("", ""))
        properties = templates.properties(place)
        physical = deployment.physical_names.get(logical_id, "") if place.template == path else ""
        name = physical or text(properties.get(property_name, ""))
        if not kind or not name:
            return f"${{{logical_id}.{attribute}}}"
        arn = f"arn:{deployment.partition}:iam::{account}:{kind}{text(properties.get('Path', '/'))}{name}"
        return arn if attribute == "Arn" else name

    def text(value: object) -> str:
        written = references.text(path, value)
        for name, known in pseudo.items():
            written = written.replace(f"${{AWS::{name}}}", known)
        return _IN_TEXT.sub(resource, written)

    return text


def _literal(value: Any, text: Callable[[object], str]) -> Any:  # noqa: ANN401  # any value of a template
    if isinstance(value, list):
        return [_literal(item, text) for item in value]
    if isinstance(value, dict):
        if len(value) == 1 and next(iter(value)).startswith(("Fn::", "Ref")) and "Fn::If" not in value:
            return text(value)
        return {name: _literal(item, text) for name, item in value.items()}
    return value


def read_physical_names(text: str) -> dict[str, str]:
    """Return what CloudFormation named the resources of a stack, from `aws cloudformation list-stack-resources`.

    Raises:
        ConfigurationError: If it is not what that command prints.
    """
    try:
        listed = json.loads(text)["StackResourceSummaries"]
        return {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in listed}
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"resources must be what 'aws cloudformation list-stack-resources' prints, got {text[:40]!r}"
        ) from error
