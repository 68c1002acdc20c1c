"""Rule: whoever deploys a resource may create it with the key, through its service.

Without that the deployment fails on AWS, whatever the role may do in IAM. The finding says what to tell the key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.created_with_keys import ADMITTING, CREATED_WITH_KEYS
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.service_publishers import values_at
from constructs_lib.guardrails.template_values import Located

_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


class KeyForCreators(Protocol):
    """A key that knows whom its policy admits."""

    def lacking_to_create(self, service: str, /, *, deployer: str, usual: str) -> tuple[str, ...]:
        """Return the actions that whoever creates resources through a service lacks.

        Args:
            service: The first part of `kms:ViaService`.
            deployer: The role that deploys them; empty if unknown.
            usual: The role that deploys the key's own stack; empty if unknown.
        """


@dataclass(frozen=True)
class UnadmittedCreator:
    """A resource that cannot be created with a key.

    Attributes:
        place: The resource.
        key: The key.
        service: The first part of `kms:ViaService`.
        stranger: The role that deploys the resource, if it is another than the key's deployer.
        missing: The actions that are missing.
        usual: The role that deploys the key's stack, if it is known.
    """

    place: Located
    key: Located
    service: str
    stranger: str
    missing: tuple[str, ...]
    usual: str = ""

    @property
    def remedy(self) -> str:
        """What to tell the key."""
        if self.stranger:
            deployers = ", ".join(f'iam.ArnPrincipal("{arn}")' for arn in (self.usual, self.stranger) if arn)
            return f"give the key deployers=[{deployers}], beside those that it has"
        call = ADMITTING.get(self.service)
        instead = (
            f", or call key.allow({call}) on it, with {call.partition('.')[0]} from constructs_lib.service_access"
            if call
            else ""
        )
        return f'give the key services=[..., "{self.service}"]{instead}'


def unadmitted_creators(templates: CloudTemplates, keys: Mapping[Located, KeyForCreators]) -> list[UnadmittedCreator]:
    """Return each resource that its deployer may not create with one of these keys.

    Args:
        templates: Of the app.
        keys: Those that are watched.
    """
    references, found = References(templates), {}
    for kind, properties in CREATED_WITH_KEYS.items():
        for place, resource in templates.resources(kind):
            deployer = templates.stack(place.template).deployer
            for path, service in [(path, each) for path, services in properties.items() for each in services]:
                for value in values_at(resource.get("Properties", {}), path):
                    for key in keys.keys() & set(references.meant_by(place.template, value)):
                        usual = templates.stack(key.template).deployer
                        missing = keys[key].lacking_to_create(service, deployer=deployer, usual=usual)
                        if missing:
                            known = not keys[key].lacking_to_create(service, deployer=usual, usual=usual)
                            stranger = _literal(deployer, templates.stack(place.template).region) if known else ""
                            of_key = _literal(usual, templates.stack(key.template).region)
                            found[place, key, service] = UnadmittedCreator(
                                place, key, service, stranger, missing, of_key
                            )
    return list(found.values())


def _literal(arn: str, region: str) -> str:
    partition = next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")
    return arn.replace("${AWS::Partition}", partition)
