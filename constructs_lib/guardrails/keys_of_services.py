"""Rule: AWS services encrypt with symmetric keys alone, and Route 53 signs with NIST P-256 keys of us-east-1 alone.

Many constructs of the CDK ask the key for nothing, so that only the deployment fails, or the first request after it.
https://docs.aws.amazon.com/kms/latest/developerguide/symmetric-asymmetric.html
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-configuring-dnssec-cmk-requirements.html
"""

from collections.abc import Iterable
from dataclasses import dataclass

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.key_names import KeyNames
from constructs_lib.guardrails.key_properties import key_properties
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located
from constructs_lib.key_kind import SIGNING, SYMMETRIC

_SIGNER = "AWS::Route53::KeySigningKey"
_SIGNS_WITH = ("ECC_NIST_P256", SIGNING.usage)
_SIGNS_IN = "us-east-1"
_ENCRYPTS_WITH = ("SYMMETRIC_DEFAULT", SYMMETRIC.usage)

_SIGNING = f"give it a SigningKey of a stack in {_SIGNS_IN}, with its usual spec"
_ENCRYPTING = "give it an EncryptionKey"


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
    named = KeyNames(references, ours)
    found = {}
    for place, resource in signers:
        for key in named.by(place.template, resource.get("Properties", {}).get("KeyManagementServiceArn")):
            region = templates.stack(key.template).region
            if ours[key] != _SIGNS_WITH or region not in {"", _SIGNS_IN}:  # empty: only the deployment knows
                needs = f"Route 53 signs with a SigningKey of {_SIGNS_WITH[0]} in {_SIGNS_IN} alone"
                where = f" in {region}" if region else ""
                found[place, key] = Misuse(place, key, needs, f"{' for '.join(ours[key])}{where}", _SIGNING)
    for place, value in ((each.place, each.value) for each in key_properties(templates) if others):
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
