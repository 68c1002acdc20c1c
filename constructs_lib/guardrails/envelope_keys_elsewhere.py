"""Rule: what an envelope key opens are messages; nothing else is encrypted under it.

Whoever uploads in parts to a bucket, or sends to a queue, needs `kms:Decrypt` on its key. Under the envelope key that
would open every message to an encrypting function. So transport has a key of its own, with `kms:ViaService`.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions

An envelope key is known by the environment of the functions of the package `envelope`, of whatever make it is.
"""

from dataclasses import dataclass

from constructs_lib.enveloping.key_ids import key_id_in
from constructs_lib.guardrails.alias_targets import AliasTargets
from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.key_names import KeyNames
from constructs_lib.guardrails.key_properties import key_properties
from constructs_lib.guardrails.references import REPLICA, References
from constructs_lib.guardrails.template_values import Located, as_list
from constructs_lib.guardrails.told_keys import told_keys

_KEY = "AWS::KMS::Key"

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
    told = list(told_keys(references))
    if not told:
        return []
    names = KeyNames(references, every)
    by_key: dict[Located, tuple[str, Located]] = {}
    by_id: dict[str, tuple[str, Located]] = {}
    for each in told:
        if each.text:
            by_id.setdefault(key_id_in(each.text), (each.text, each.function))
        for key in names.by(each.function.template, each.value):
            for twin in references.twins.get(key, {key}):
                by_key.setdefault(twin, (references.text(each.function.template, each.value), each.function))
    aliases = AliasTargets(references)
    found = {}
    for used in key_properties(templates):
        path = used.place.template
        for key in sorted(by_key.keys() & names.by(path, used.value)):
            found[used.place, used.name] = EnvelopeKeyElsewhere(used.place, used.name, key, *by_key[key])
        ids = {key_id for branch in as_list(used.value) for key_id in aliases.key_ids(path, branch)}
        for key_id in sorted(by_id.keys() & ids):
            found.setdefault((used.place, used.name), EnvelopeKeyElsewhere(used.place, used.name, None, *by_id[key_id]))
    return list(found.values())
