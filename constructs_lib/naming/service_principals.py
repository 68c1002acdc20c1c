"""What a use of the catalogue allows, as the policy of one key says it."""

from types import FunctionType
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import tokens_in
from constructs_lib.principals import Conditions, Permission, Principal, canonical_conditions
from constructs_lib.service_access.service_use import ServiceUse

if TYPE_CHECKING:
    from constructs_lib.naming.token_text import TokenText
    from constructs_lib.service_access.service_use import Allowance


def check_key(use: ServiceUse, *, key_spec: str, region: str) -> None:
    """Refuse a use for which the key does not work.

    Args:
        use: The use.
        key_spec: The spec of the key.
        region: Its Region, which may be unknown.

    Raises:
        ConfigurationError: If the use is none, or takes another spec or another Region.
    """
    if not isinstance(use, ServiceUse):
        raise ConfigurationError(
            "use must be what a function of constructs_lib.service_access returns, such as "
            f"cloudtrail.write_logs(trail_name=...), got {_spoken(use)}"
        )
    if use.key_spec != key_spec:
        raise ConfigurationError(f"use must suit the key: {use.title} takes {use.key_spec}, got a key of {key_spec}")
    if use.key_region and not tokens_in(region) and region != use.key_region:
        raise ConfigurationError(
            f"use must suit the key: {use.title} takes a key in {use.key_region}, got one in {region}"
        )


def _spoken(use: object) -> str:
    return f"the function {use.__name__} itself: call it" if isinstance(use, FunctionType) else repr(use)


class ServicePrincipals:
    """Puts a key's own partition, Region and account into the catalogue's placeholders."""

    def __init__(self, stack: cdk.Stack, text: "TokenText", *, account: str = "", region: str = "") -> None:
        """Read where the key is.

        Args:
            stack: The key's stack, or one that imports it.
            text: Names for its tokens.
            account: The key's account. Default: that of the stack.
            region: The key's Region. Default: that of the stack.
        """
        self._text = text
        self._places = {
            "${AWS::Partition}": stack.partition,
            "${AWS::Region}": region or stack.region,
            "${AWS::AccountId}": account or stack.account,
        }

    def admitted(self, allowance: "Allowance", actions: tuple[str, ...]) -> list[Permission]:
        """Return what an allowance for a service or a fixed role gives.

        Args:
            allowance: Not one for callers.
            actions: Those of the allowance, checked.
        """
        conditions = self._conditions(allowance.conditions)
        callers = [Principal(each.kind, self._here(each.value)) for each in allowance.principals(())]
        return [Permission(caller, actions, conditions) for caller in callers]

    def calling(self, caller: iam.IGrantable, allowance: "Allowance") -> iam.IPrincipal:
        """Return a caller under the conditions of an allowance for callers.

        Args:
            caller: Who calls through the service.
            allowance: What is allowed.
        """
        if not allowance.conditions:
            return caller.grant_principal
        written = {
            operator: {name: _written([self._placed(value) for value in values]) for name, values in keys.items()}
            for operator, keys in allowance.conditions.items()
        }
        return iam.PrincipalWithConditions(caller.grant_principal, written)

    def _conditions(self, conditions: "Conditions") -> "Conditions":
        return canonical_conditions({
            operator: {name: tuple(self._here(value) for value in values) for name, values in keys.items()}
            for operator, keys in conditions.items()
        })

    def _here(self, text: str) -> str:
        return self._text.text(self._placed(text))

    def _placed(self, text: str) -> str:
        for placeholder, value in self._places.items():
            text = text.replace(placeholder, value)
        return text


def _written(values: list[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else values
