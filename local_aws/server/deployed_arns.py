"""The ARNs around a resource that CloudFormation is about to create, update or delete."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import iam, kms
from ministack.services.cloudformation import provisioners

from constructs_lib.execution_policy.handler_permissions import HandlerFacts, handler_facts, values_at

_RANDOM = "A1B2C3D4E5F6"


@dataclass(frozen=True, kw_only=True)
class DeployedArns:
    """The ARNs around one resource (see `ResourceArns`), with resolved properties.

    A resource that does not exist yet has the name that CloudFormation will give it, with an invented end
    where the end is random.
    """

    facts: HandlerFacts
    properties: Mapping[str, Any]
    stack_name: str
    logical_id: str
    physical_id: str | None

    def own(self) -> Sequence[str]:
        """Return the ARNs of the resource itself."""
        known = [self.filled(arn) for arn in self.facts.arns]
        service = known[0].split(":")[2] if known else ""
        if self.physical_id is not None and self.physical_id.startswith(f"arn:aws:{service}:"):
            return [self.physical_id]
        # Where the facts name more than one form of an ARN, the one that names this very resource.
        return [arn for arn in known if "*" not in arn] or known

    def assets(self) -> Sequence[str]:
        """Return the objects that the resource is made from."""
        code = self.properties.get("Code") or {}
        if "S3Bucket" in code:
            return [f"arn:aws:s3:::{code['S3Bucket']}/{code['S3Key']}"]
        url = str(self.properties.get("TemplateURL", ""))
        path = url.partition("://")[2].partition("/")[2]
        return [f"arn:aws:s3:::{path}"] if path else []

    def filled(self, arn: str) -> str:
        """Fill an ARN's placeholders in."""
        return self._filled(arn, self.facts, self._name(), self._id())

    def referred(self, value: object, resource_type: str | None) -> Sequence[str]:
        """Return the ARNs of what a resolved value refers to."""
        if isinstance(value, list):
            return [arn for item in value for arn in self.referred(item, resource_type)]
        text = str(value)
        if resource_type == "AWS::KMS::Key":
            key = key_named(text)
            # A key of AWS's own, such as alias/aws/secretsmanager, has a policy that nobody can change.
            return [key["Arn"]] if key else []
        if text.startswith("arn:") or resource_type is None:
            return [text]
        role = iam._roles.get_scoped(get_account_id(), None, text) if resource_type == "AWS::IAM::Role" else None
        if role:
            return [role["Arn"]]
        facts = handler_facts(resource_type, self.logical_id)
        name = text.rsplit("/", 1)[-1] if "://" in text else text
        return [self._filled(arn, facts, name, name) for arn in facts.arns if not arn.endswith("*")]

    def _filled(self, arn: str, facts: HandlerFacts, name: str, identifier: str) -> str:
        own = {key: str(self.properties.get(key, default)) for key, default in facts.defaults.items()}
        place = {"partition": "aws", "region": get_region(), "account": get_account_id()}
        if facts.name.get("form") == "parameter":
            name = name.lstrip("/")
        return arn.format_map({**place, **own, "name": name, "id": identifier}).replace("??????", "Ab1Cd2")

    def _id(self) -> str:
        return self.physical_id or str(uuid.UUID(int=0))

    def _name(self) -> str:
        rule = self.facts.name
        given = values_at(self.properties, rule["property"]) if "property" in rule else []
        if given:
            return str(given[0])
        if self.physical_id is not None:
            return self.physical_id.rsplit("/", 1)[-1] if "://" in self.physical_id else self.physical_id
        if rule.get("form") == "logical":
            return f"{self.logical_id}-{_RANDOM}"
        if rule.get("form") == "parameter":
            return f"CFN-{self.logical_id}-{_RANDOM}"
        length, lower = rule.get("length", 128), rule.get("form") == "lower"
        return str(provisioners._physical_name(self.stack_name, self.logical_id, lowercase=lower, max_len=length))


def key_named(reference: str) -> Mapping[str, Any] | None:
    """Find a key by id, ARN or alias, in whichever Region its ARN says."""
    parts = reference.split(":")
    with request_scope(get_account_id(), parts[3] if parts[0] == "arn" and parts[2] == "kms" else get_region()):
        found: Mapping[str, Any] | None = kms._resolve_key(reference)
    return found
