"""Which of our keys a property of a resource names: itself, by an alias that is a resource, or by an alias's name."""

from collections.abc import Iterable

from constructs_lib.guardrails.named_keys import ALIAS
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located


class KeyNames:
    """The keys that are watched, and what their aliases are called."""

    def __init__(self, references: References, keys: Iterable[Located]) -> None:
        """Find the aliases of the keys in the templates.

        Args:
            references: Of the app.
            keys: Those that are watched.
        """
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
        """Return the keys that a value names.

        Args:
            path: The template file in which the value stands.
            value: A string or an intrinsic function.
        """
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
