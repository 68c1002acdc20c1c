"""Rule: AWS services encrypt with keys of their own Region alone.

Many constructs of the CDK ask the key for nothing, or write a reference to another Region without a word, so that only
the deployment fails, or the first request after it. A property beside which a Region stands is about that Region, and
what is written to a bucket is encrypted with a key of the bucket's Region.
https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html

Limits: a bucket that this app does not define may be in any Region.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from constructs_lib.guardrails.cloud_templates import CloudTemplates
from constructs_lib.guardrails.key_names import KeyNames
from constructs_lib.guardrails.key_properties import KeyProperty, key_properties
from constructs_lib.guardrails.named_keys import ALIAS
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.service_publishers import BUCKET
from constructs_lib.guardrails.template_values import Located

_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
_KEY_IN_NAME = re.compile(r"(Kms|KMS)(Master)?(Key)?(Id|ID|Arn|ARN)?$")
_REGIONS = ("Region", "RegionName", "Target", "TargetRegion")
_NAMES_BUCKET = re.compile(r"[A-Za-z0-9]*Bucket(Name|Arn|ARN)?")
_BUCKET_AT = re.compile(r"(s3://|arn:(?:\$\{[^}]*\}|[^:$]*):s3:::)([^/]*)")
_OF_BUCKETS = "AWS::S3"


@dataclass(frozen=True)
class KeyFromAfar:
    """A resource that encrypts with a key of another Region.

    Attributes:
        place: The resource.
        key: The key.
        needs: What it needs.
        got: Where the key is.
        remedy: What to do about it.
    """

    place: Located
    key: Located
    needs: str
    got: str
    remedy: str


def keys_of_another_region(templates: CloudTemplates, keys: Iterable[Located]) -> list[KeyFromAfar]:
    """Return each use of one of these keys by a service that encrypts in another Region."""
    references = References(templates)
    regions, names = _Regions(references), KeyNames(references, keys)
    found = {}
    for each in key_properties(templates):
        for key in sorted(names.by(each.place.template, each.value)):
            needed, got = regions.needed_by(each), templates.stack(key.template).region
            if needed and got and needed != got and not _is_name_of_alias(references, each):
                needs = f"its {each.name} takes keys of {needed} alone"
                remedy = _remedy(references, key, needed)
                found[each.place, key] = KeyFromAfar(each.place, key, needs, f"in {got}", remedy)
    return list(found.values())


def _remedy(references: References, key: Located, region: str) -> str:
    twins = references.twins.get(key, frozenset())
    if any(references.templates.stack(twin.template).region == region for twin in twins):
        return f"give it the key of {region}: key.in_region_of(a stack of that Region)"
    if twins:
        return f"add a stack of {region} to replicas= of the key, and give it key.in_region_of(that stack)"
    return f"give it a key of {region}, or make this one a MultiRegionKey and give it key.in_region_of(a stack there)"


def _is_name_of_alias(references: References, each: KeyProperty) -> bool:
    """Whether the value is the name of an alias, which means the key that has it in the Region of whoever uses it."""
    path = each.place.template
    meant = (references.templates.resource(place).get("Type") for place in references.meant_by(path, each.value))
    return ALIAS in meant and not references.text(path, each.value).startswith("arn:")


class _Regions:
    """Where services encrypt."""

    def __init__(self, references: References) -> None:
        self._references = references

    def needed_by(self, each: KeyProperty) -> str:
        """Return the Region in which a property's key must be, or nothing if only the deployment knows."""
        path, templates = each.place.template, self._references.templates
        beside = f"{_KEY_IN_NAME.sub('', each.name)}Region"
        of_bucket = str(templates.resource(each.place).get("Type", "")).startswith(_OF_BUCKETS)
        for depth, properties in reversed(list(enumerate(each.within))):
            texts = {name: self._references.text(path, value) for name, value in properties.items()}
            if beside in texts:
                return texts[beside] if _REGION.fullmatch(texts[beside]) else ""
            named = next((texts[name] for name in _REGIONS if _REGION.fullmatch(texts.get(name, ""))), "")
            if named:
                return named
            buckets = [] if of_bucket and depth == 0 else self._buckets(path, properties, texts)
            if buckets:
                return buckets[0]
        return templates.stack(path).region

    def _buckets(self, path: str, properties: Mapping[str, Any], texts: Mapping[str, str]) -> list[str]:
        """Return the Regions of the buckets that stand among properties."""
        found = []
        for name, value in properties.items():
            meant = [place for place in self._references.meant_by(path, value) if self._is_bucket(place)]
            at = _BUCKET_AT.match(texts[name])
            if meant:
                found.append(self._references.templates.stack(meant[0].template).region)
            elif at or _NAMES_BUCKET.fullmatch(name):
                found.append(self._by_name.get(at[2] if at else texts[name], ""))
        return found

    def _is_bucket(self, place: Located) -> bool:
        return self._references.templates.resource(place).get("Type") == BUCKET

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {
            self._references.text(place.template, bucket["Properties"]["BucketName"]): self._references.templates.stack(
                place.template
            ).region
            for place, bucket in self._references.templates.resources(BUCKET)
            if "BucketName" in bucket.get("Properties", {})
        }
