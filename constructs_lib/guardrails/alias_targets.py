"""Aliases of this app, of whatever key: one that an app imports has no resource by which it could be known."""

from typing import TYPE_CHECKING

from constructs_lib.enveloping.key_ids import key_id_in
from constructs_lib.guardrails.named_keys import ALIAS

if TYPE_CHECKING:
    from constructs_lib.guardrails.references import References
    from constructs_lib.guardrails.template_values import Located


class AliasTargets:
    """What the aliases of an app's templates stand for."""

    def __init__(self, references: "References") -> None:
        """Read the aliases.

        Args:
            references: Of the app.
        """
        self._references = references
        self._by_place: dict[Located, str] = {}
        self._by_name: dict[str, list[Located]] = {}
        for place, alias in references.templates.resources(ALIAS):
            properties = alias.get("Properties", {})
            self._by_place[place] = key_id_in(references.text(place.template, properties.get("TargetKeyId")))
            self._by_name.setdefault(references.text(place.template, properties.get("AliasName")), []).append(place)

    def key_ids(self, path: str, value: object) -> set[str]:
        """Return the ids of the keys that a value may name, by itself or by an alias.

        Args:
            path: The template file in which the value stands.
            value: A string or an intrinsic function.
        """
        meant = [self._by_place[place] for place in self._references.meant_by(path, value) if place in self._by_place]
        text = self._references.text(path, value)
        here, stack_of = self._references.templates.stack(path), self._references.templates.stack
        named = [
            self._by_place[place]
            for place in self._by_name.get(text.rpartition(":")[2], ())
            if here.may_be_in(stack_of(place.template).account, stack_of(place.template).region)
        ]
        return {key_id_in(text), *meant, *named} - {""}
