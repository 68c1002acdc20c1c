"""Rule: AWS services encrypt with symmetric keys alone, and Route 53 signs with NIST P-256 keys of us-east-1 alone.

Many constructs of the CDK ask the key for nothing, so that only the deployment fails, or the first request after it.
https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html

Limits: a property holds a key if its name says so. What is free of form is not looked at, such as the environment of a
function: anybody may be told the ARN of any key.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.named_keys import ALIAS
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located
from constructs_lib.key_kind import SIGNING, SYMMETRIC

_SIGNER = "AWS::Route53::KeySigningKey"
_SIGNS_WITH = ("ECC_NIST_P256", SIGNING.usage)
_SIGNS_IN = "us-east-1"
_ENCRYPTS_WITH = ("SYMMETRIC_DEFAULT", SYMMETRIC.usage)

_SIGNING = f"give it a SigningKey of a stack in {_SIGNS_IN}, with its usual spec"
_ENCRYPTING = "give it an EncryptionKey"

_FREE_OF_FORM = frozenset({
    "DefaultArguments",
    "DefinitionSubstitutions",
    "Environment",
    "EnvironmentVariables",
    "Parameters",
    "PolicyDocument",
    "Tags",
    "Variables",
})
_NOT_SERVICES = ("AWS::KMS::", "AWS::IAM::", "AWS::CloudFormation::", "Custom::", _SIGNER)
_PROPERTY = re.compile(r"[A-Z][A-Za-z0-9]*")
_HOLDS_KEY = re.compile(r"kms|encrypt|key(id|arn|identifier)$", re.IGNORECASE)


@dataclass(frozen=True)
class Misuse:
    """A resource that uses a key which its service cannot use.

    Attributes:
        place: The resource.
        key: The key.
        needs: What the service can use.
        got: What the key is.
        remedy: What to do about it.
    """

    place: Located
    key: Located
    needs: str
    got: str
    remedy: str


def misused_keys(templates: CloudTemplates, keys: Iterable[Located]) -> list[Misuse]:
    """Return each use of one of these keys by a service that cannot use a key of its kind."""
    references = References(templates)
    ours = {key: _spec(references, key) for key in keys}
    others = {key for key, spec in ours.items() if spec != _ENCRYPTS_WITH}
    signers = list(templates.resources(_SIGNER))
    if not others and not signers:
        return []
    named = _Named(references, ours)
    found = {}
    for place, resource in signers:
        for key in named.by(place.template, resource.get("Properties", {}).get("KeyManagementServiceArn")):
            region = templates.stack(key.template).region
            if ours[key] != _SIGNS_WITH or region not in {"", _SIGNS_IN}:  # empty: only the deployment knows
                needs = f"Route 53 signs with a SigningKey of {_SIGNS_WITH[0]} in {_SIGNS_IN} alone"
                where = f" in {region}" if region else ""
                found[place, key] = Misuse(place, key, needs, f"{' for '.join(ours[key])}{where}", _SIGNING)
    for place, value in _values_of_services(templates) if others else ():
        for key in sorted(others.intersection(named.by(place.template, value))):
            needs = "AWS services encrypt with symmetric keys alone"
            found[place, key] = Misuse(place, key, needs, " for ".join(ours[key]), _ENCRYPTING)
    return list(found.values())


def _spec(references: References, key: Located) -> tuple[str, str]:
    """Return the spec and the usage of a key, which a replica has from its primary."""
    properties = references.templates.properties(key)
    for primary in references.meant_by(key.template, properties.get("PrimaryKeyArn")):
        return _spec(references, primary)
    spec, usage = _ENCRYPTS_WITH
    return str(properties.get("KeySpec", spec)), str(properties.get("KeyUsage", usage))


class _Named:
    """Which of our keys a value names: itself, by an alias that is a resource, or by the name of an alias."""

    def __init__(self, references: References, keys: Iterable[Located]) -> None:
        self._references = references
        self._keys = {key: [key] for key in keys}
        self._by_name: dict[str, list[Located]] = {}
        for place, alias in references.templates.resources(ALIAS):
            properties = alias.get("Properties", {})
            target = self._references.meant_by(place.template, properties.get("TargetKeyId"))
            self._keys[place] = [key for key in target if key in self._keys]
            name = self._references.text(place.template, properties.get("AliasName"))
            self._by_name.setdefault(name, []).extend(self._keys[place])

    def by(self, path: str, value: object) -> set[Located]:
        meant = self._references.meant_by(path, value)
        if meant:
            return {key for place in meant for key in self._keys.get(place, ())}
        here, stack_of = self._references.templates.stack(path), self._references.templates.stack
        name = self._references.text(path, value).rpartition(":")[2]
        return {
            key
            for key in self._by_name.get(name, ())
            if here.may_be_in(stack_of(key.template).account, stack_of(key.template).region)
        }


def _values_of_services(templates: CloudTemplates) -> Iterator[tuple[Located, object]]:
    for path, template in templates.by_path.items():
        for logical_id, resource in template.get("Resources", {}).items():
            if not str(resource.get("Type", "")).startswith(_NOT_SERVICES):
                for value in _values(resource.get("Properties", {}), is_key=False):
                    yield Located(path, logical_id), value


def _values(value: object, *, is_key: bool) -> Iterator[object]:
    """Yield what stands in properties whose names say that they hold a key."""
    if isinstance(value, list):
        for item in value:
            yield from _values(item, is_key=is_key)
    elif isinstance(value, Mapping) and all(map(_PROPERTY.fullmatch, value)) and "Ref" not in value:
        for name, inner in value.items():
            if name not in _FREE_OF_FORM:
                yield from _values(inner, is_key=is_key or _HOLDS_KEY.search(name) is not None)
    elif is_key:
        yield value
