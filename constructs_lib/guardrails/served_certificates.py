"""Which resources of an app serve which certificates, whether named by reference, through a gate, or by ARN."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located, as_list

NATIVE = "AWS::CertificateManager::Certificate"
REQUESTED = "Custom::RequestedCertificate"
IMPORTED = "Custom::ImportedCertificate"
GATE = "Custom::IssuedCertificate"
"""Answers when ACM has issued a certificate; what serves that one refers to its gate."""

_KINDS = (NATIVE, REQUESTED, IMPORTED)
_HOLDS_CERTIFICATE = re.compile(r"[A-Za-z]*Certificate(Arns?|Id)|Certificate")
_NOT_SERVICES = (
    "AWS::CertificateManager::",
    "AWS::ACMPCA::",
    "AWS::CloudFormation::",
    "AWS::CloudWatch::",
    "AWS::Events::",
    "AWS::IAM::",
    "AWS::Lambda::",
    "AWS::Scheduler::",
    "Custom::",
)
_MAY_MAKE_ONE = ("AWS::CloudFormation::CustomResource", "Custom::")
_ACM = ":acm:"
_BY_REFERENCE = "${"


@dataclass(frozen=True, order=True)
class Served:
    """A certificate that a resource serves.

    Attributes:
        by: The resource.
        certificate: The certificate, or None if the app does not define it.
        arn: Its ARN as text, with `${...}` for what only the deployment knows.
    """

    by: Located
    certificate: Located | None
    arn: str


class ServedCertificates:
    """The certificates of an app's templates and where they serve."""

    def __init__(self, references: References) -> None:
        """Keep the references.

        Args:
            references: Of the app.
        """
        self.references = references

    def certificates(self) -> Iterator[tuple[Located, Mapping[str, Any]]]:
        """Yield the certificates that the app defines."""
        return self.references.templates.resources(*_KINDS)

    def meant_by(self, path: str, value: object) -> list[Located]:
        """Return the certificates of the app that a value means.

        Args:
            path: The template file in which the value stands.
            value: A string or an intrinsic function.
        """
        templates, found = self.references.templates, []
        for place in self.references.meant_by(path, value):
            kind = templates.resource(place).get("Type")
            if kind == GATE:
                found += self.meant_by(place.template, templates.properties(place).get("CertificateArn"))
            elif kind in _KINDS:
                found.append(place)
        return found

    def served(self) -> list[Served]:
        """Return what every resource of the app serves, each certificate once."""
        found: dict[Served, None] = {}
        for path, template in self.references.templates.by_path.items():
            for logical_id, resource in template.get("Resources", {}).items():
                if not str(resource.get("Type", "")).startswith(_NOT_SERVICES):
                    place = Located(path, logical_id)
                    for value in _values(resource.get("Properties", {})):
                        found |= dict.fromkeys(self._served_by(place, value))
        return list(found)

    def _served_by(self, place: Located, value: object) -> Iterator[Served]:
        for each in as_list(value):
            text = self.references.text(place.template, each)
            meant = self.meant_by(place.template, each)
            yield from (Served(place, certificate, text) for certificate in meant)
            if not meant and (_ACM in text or self._may_be_one(place.template, each, text)):
                yield Served(place, None, text)

    def _may_be_one(self, path: str, value: object, text: str) -> bool:
        """Whether a reference may mean a certificate: not where it means something else of the app, such as DMS's."""
        kinds = [
            self.references.templates.resource(place).get("Type", "") for place in self.references.meant_by(path, value)
        ]
        return text.startswith(_BY_REFERENCE) and all(kind.startswith(_MAY_MAKE_ONE) for kind in kinds)


def _values(properties: object) -> Iterator[object]:
    """Yield what stands in properties whose names say that they hold a certificate."""
    if isinstance(properties, list):
        for item in properties:
            yield from _values(item)
    elif isinstance(properties, Mapping):
        for name, inner in properties.items():
            if _HOLDS_CERTIFICATE.fullmatch(name) and _is_value(inner):
                yield inner
            else:
                yield from _values(inner)


def _is_value(inner: object) -> bool:
    """Whether it is a text, an intrinsic function or a list of them, not properties in their turn."""
    if isinstance(inner, Mapping):
        return all(name == "Ref" or name.startswith("Fn::") for name in inner)
    return all(_is_value(item) for item in inner) if isinstance(inner, list) else isinstance(inner, str)
