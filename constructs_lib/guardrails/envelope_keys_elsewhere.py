"""Rule: what an envelope key opens are messages; nothing else is encrypted under it.

Whoever uploads in parts to a bucket, or sends to a queue, needs `kms:Decrypt` on its key. Under the envelope key that
would open every message to an encrypting function. So transport has a key of its own, with `kms:ViaService`.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions

An envelope key is known by the environment of the functions of the package `envelope`, of whatever make it is.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from constructs_lib.enveloping.handler_environment import HOLD_KEYS
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.key_names import KeyNames
from constructs_lib.guardrails.key_properties import key_properties
from constructs_lib.guardrails.references import REPLICA, References
from constructs_lib.guardrails.template_values import Located, as_list

_FUNCTION, _KEY = "AWS::Lambda::Function", "AWS::KMS::Key"
_HANDLERS = "envelope.handler."

REMEDY = (
    "give it another key, such as EncryptionKey(..., services=[...]), which whoever sends or uploads may use through "
    "that service alone"
)


@dataclass(frozen=True)
class EnvelopeKeyElsewhere:
    """A resource that is encrypted under an envelope key.

    Attributes:
        place: The resource.
        property_name: Its property that names the key.
        key: The key, where this app defines it.
        arn: What the function is told of it.
        function: The function whose envelope key it is.
    """

    place: Located
    property_name: str
    key: Located | None
    arn: str
    function: Located


def envelope_keys_elsewhere(templates: CloudTemplates) -> list[EnvelopeKeyElsewhere]:
    """Return each resource that is encrypted under a key with which these functions wrap data keys."""
    references = References(templates)
    every = [place for place, _ in templates.resources(_KEY, REPLICA)]
    told = list(_told(references))
    if not told:
        return []
    names = KeyNames(references, every)
    by_key: dict[Located, tuple[str, Located]] = {}
    by_text: dict[str, tuple[str, Located]] = {}
    for function, value in told:
        text = references.text(function.template, value)
        by_text.setdefault(text, (text, function))
        for key in names.by(function.template, value):
            for twin in references.twins.get(key, {key}):
                by_key.setdefault(twin, (text, function))
    found = {}
    for each in key_properties(templates):
        for key in sorted(by_key.keys() & names.by(each.place.template, each.value)):
            found[each.place, each.name] = EnvelopeKeyElsewhere(each.place, each.name, key, *by_key[key])
        text = references.text(each.place.template, each.value)
        same = by_text.get(text) or next((by_text[arn] for arn in by_text if _is_id_of(arn, text)), None)
        if same and (each.place, each.name) not in found:
            found[each.place, each.name] = EnvelopeKeyElsewhere(each.place, each.name, None, *same)
    return list(found.values())


def _told(references: References) -> Iterator[tuple[Located, object]]:
    """Yield what functions are told of their envelope keys."""
    for place, function in references.templates.resources(_FUNCTION):
        properties = function.get("Properties", {})
        if str(properties.get("Handler", "")).startswith(_HANDLERS):
            variables = properties.get("Environment", {}).get("Variables", {})
            for name in HOLD_KEYS:
                yield from ((place, value) for value in _listed(variables.get(name)))


def _listed(value: object) -> list[object]:
    """Return the ARNs of a variable: one, or a list that is written as JSON around references."""
    if value is None:
        return []
    if isinstance(value, str) and value.startswith("["):
        return list(json.loads(value))
    if isinstance(value, dict) and "Fn::Join" in value and str(value["Fn::Join"][1][0]).startswith("["):
        parts = as_list(value["Fn::Join"][1])
        whole = [part for part in parts if isinstance(part, dict) and not str(part.get("Ref", "")).startswith("AWS::")]
        return [*whole, *(arn for part in parts if isinstance(part, str) for arn in part.split('"') if _is_arn(arn))]
    return [value]


def _is_arn(text: str) -> bool:
    return text.startswith("arn:") and ":key/" in text


def _is_id_of(arn: str, text: str) -> bool:
    return bool(text) and _is_arn(arn) and arn.rpartition("/")[2] == text
