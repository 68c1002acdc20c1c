"""Which of our keys the resources of an IAM statement name: by ARN, by alias ARN, or by alias in a condition."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from constructs_lib.errors import ConfigurationError
from constructs_lib.guardrails.references import References, region_in
from constructs_lib.guardrails.template_values import Located, as_list
from constructs_lib.principals import arn_parts

ALIAS = "AWS::KMS::Alias"
_BY_ALIAS = frozenset({"kms:requestalias", "kms:resourcealiases"})
_COMPARES = re.compile(r"(ForAnyValue:|ForAllValues:)?String(Equals(IgnoreCase)?|Like)(IfExists)?")
_ANY_KEY = re.compile(r"(key/)?\*")


@dataclass(frozen=True)
class Named:
    """What one resource of a statement names.

    Attributes:
        keys: The key; several where the account or Region leaves open which of those with that alias.
        alias_arn: Whether it names an alias. IAM takes no alias for the use of a key, so the statement gives nothing;
            it is read as what it was meant to be.
    """

    keys: tuple[Located, ...]
    alias_arn: bool = False


class NamedKeys:
    """The keys that are watched, with their aliases."""

    def __init__(self, references: References, keys: Iterable[Located]) -> None:
        """Find the aliases of the keys in the templates.

        Args:
            references: Of the app.
            keys: Those that are watched.
        """
        self._references = references
        self._keys = frozenset(keys)
        self._by_alias: dict[str, list[Located]] = {}
        self._aliased: dict[Located, Located] = {}
        for place, resource in references.templates.resources(ALIAS):
            properties = resource.get("Properties", {})
            for key in references.meant_by(place.template, properties.get("TargetKeyId")):
                if key in self._keys:
                    self._aliased[place] = key
                    name = references.text(place.template, properties.get("AliasName"))
                    self._by_alias.setdefault(name, []).append(key)
        self._twins = references.twins

    def named_by(self, path: str, statement: Mapping[str, Any]) -> Iterator[Named]:
        """Yield what the resources of a statement name.

        Args:
            path: The template file in which the statement stands.
            statement: Of an identity policy.
        """
        aliases = self._aliases_in_condition(path, statement.get("Condition"))
        for resource in as_list(statement.get("Resource")):
            for place in self._references.meant_by(path, resource):
                if place in self._keys:
                    yield from (Named((key,)) for key in self._of_that_id(place, path, resource))
                elif place in self._aliased:
                    yield Named((self._aliased[place],), alias_arn=True)
            region, account, name = self._arn(path, resource)
            if name in self._by_alias:
                yield from self._in_environment([name], account, region, alias_arn=True)
            elif _ANY_KEY.fullmatch(name):
                yield from self._in_environment(aliases, account, region)
                yield from self._in_other_regions(aliases, account, region, self._pattern(path, resource))

    def _of_that_id(self, place: Located, path: str, resource: object) -> list[Located]:
        """Return the keys that an ARN with the id of a key names: of a multi-Region key those of the ARN's Regions."""
        twins = sorted(self._twins.get(place, ()))
        pattern = self._pattern(path, resource) if twins else ""
        return [key for key in twins if key in self._keys and fnmatchcase(self._region(key), pattern)] or [place]

    def _in_other_regions(self, aliases: Iterable[str], account: str, region: str, pattern: str) -> Iterator[Named]:
        """Yield the multi-Region keys with these aliases that a pattern of Regions means as well."""
        for key in (key for alias in aliases for key in self._by_alias.get(alias, ())):
            stack = self._references.templates.stack(key.template)
            if key in self._twins and stack.region != region and stack.may_be_in(account, stack.region):
                yield from [Named((key,))] if fnmatchcase(stack.region, pattern) else []

    def _pattern(self, path: str, resource: object) -> str:
        text = self._references.text(path, resource)
        return text if text == "*" else region_in(text)

    def _region(self, key: Located) -> str:
        return self._references.templates.stack(key.template).region

    def _in_environment(self, aliases: Iterable[str], account: str, region: str, **how: bool) -> Iterator[Named]:
        for alias in aliases:
            keys = [
                key
                for key in self._by_alias.get(alias, ())
                if self._references.templates.stack(key.template).may_be_in(account, region)
            ]
            if keys:
                yield Named(tuple(keys), **how)

    def _arn(self, path: str, resource: object) -> tuple[str, str, str]:
        """Return Region, account and name of a KMS ARN; `*` is one of the Region and account of the template."""
        text = self._references.text(path, resource)
        mine = self._references.templates.stack(path)
        if text == "*":
            return mine.region, mine.account, text
        try:
            _, _, service, region, account, name = arn_parts(text)
        except ConfigurationError:
            return "", "", ""
        region = mine.region if region == "*" else region
        account = mine.account if account == "*" else account
        return _known(region), _known(account), name if service == "kms" else ""

    def _aliases_in_condition(self, path: str, condition: object) -> list[str]:
        values = [
            value
            for operator, keys in (condition.items() if isinstance(condition, dict) else ())
            if _COMPARES.fullmatch(operator)
            for key, listed in keys.items()
            if key.lower() in _BY_ALIAS
            for value in as_list(listed)
        ]
        meant = [place for value in values for place in self._references.meant_by(path, value)]
        # Seldom anything is meant, and there are as many aliases as keys.
        aliases = self._by_alias.items() if meant else ()
        names = [name for name, keys in aliases for place in meant if self._aliased.get(place) in keys]
        return [*(self._references.text(path, value) for value in values), *names]


def _known(text: str) -> str:
    return "" if "${" in text or "*" in text else text
