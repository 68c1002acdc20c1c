"""What the conditions of a statement limit it to: resources by their ARNs, and services through which a call comes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from constructs_lib.errors import ConfigurationError
from constructs_lib.guardrails.names_of_resources import DRAWN
from constructs_lib.guardrails.references import References
from constructs_lib.guardrails.template_values import Located, as_list
from constructs_lib.principals import arn_parts

VIA_SERVICE = "kms:viaservice"

_BEFORE_NAME = re.compile(r"(function:|log-group:|secret:|trail/|rule/|event-bus/|hostedzone/)")
_UNKNOWN = re.compile(r"\$\{[^}]*\}")


class StatementLimits:
    """The condition keys of one statement of a key policy, with the values that each may have."""

    def __init__(self, references: References, key: Located, statement: Mapping[str, Any]) -> None:
        """Read the conditions.

        Args:
            references: Of the app.
            key: The key in whose policy the statement stands.
            statement: The statement.
        """
        self._limits = list(_limits(references, key, statement))

    def values(self, *keys: str) -> Iterator[list[str]]:
        """Yield the values of each condition on one of these keys.

        Args:
            *keys: Condition keys in small letters.
        """
        yield from (values for name, values in self._limits if name in keys)

    def include(self, name: str, *keys: str) -> bool:
        """Whether no condition on these keys, whose values are ARNs, excludes the resource of this name.

        Args:
            name: The name, with `*` for what CloudFormation makes; empty for any.
            *keys: Condition keys in small letters.
        """
        return not name or all(any(_matches(name, arn) for arn in arns) for arns in self.values(*keys))

    def include_source(self, account: str) -> bool:
        """Whether no condition on the source excludes a service that acts for an account.

        Args:
            account: The account; empty if only the deployment knows it.
        """
        demanded = [
            *self.values("aws:sourceaccount"),
            *([_account_of(arn) for arn in arns] for arns in self.values("aws:sourcearn")),
        ]
        return not account or all(
            any(not each or fnmatchcase(account, _UNKNOWN.sub("*", each)) for each in accounts) for accounts in demanded
        )

    def include_service(self, service: str) -> bool:
        """Whether a call through a service is not excluded.

        Args:
            service: The first part of `kms:ViaService`.
        """
        return all(
            any(fnmatchcase(service, value.partition(".")[0]) for value in values)
            for values in self.values(VIA_SERVICE)
        )


def _limits(references: References, key: Located, statement: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    for operator, names in statement.get("Condition", {}).items():
        if "Not" not in operator and not operator.endswith("IfExists"):
            for name, values in names.items():
                yield name.lower(), [references.text(key.template, value) for value in as_list(values)]


def named_in(statement: Mapping[str, Any], kinds: Iterable[str]) -> list[Any]:
    """Return the principals of some kinds that a statement names.

    Args:
        statement: Of a key policy.
        kinds: Such as `AWS` and `Service`.

    Examples:
        >>> named_in({"Principal": {"Service": "sns.amazonaws.com", "AWS": "111122223333"}}, ["Service"])
        ['sns.amazonaws.com']
    """
    principals = statement["Principal"] if isinstance(statement.get("Principal"), dict) else {}
    return [value for kind in kinds for value in as_list(principals.get(kind))]


def _account_of(arn: str) -> str:
    """Return the account of an ARN; empty if it has none, or if only the deployment knows it."""
    try:
        return arn_parts(arn)[4]
    except ConfigurationError:
        return ""


def _matches(name: str, arn: str) -> bool:
    """Whether the ARN of a name may match a pattern: what only the deployment knows may be anything."""
    try:
        resource = arn_parts(arn)[5]
    except ConfigurationError:  # not an ARN, or known to the deployment alone
        return True
    pattern = _UNKNOWN.sub("*", _BEFORE_NAME.sub("", resource, count=1)).removesuffix(":*")
    return "${" in name or fnmatchcase(name.replace("*", DRAWN), pattern)
