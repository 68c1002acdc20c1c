"""KeyAddress: where a key is that no template of this app makes, and how IAM policies name it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from constructs_lib.alias_name import OF_AWS, PREFIX, full_alias_name
from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import tokens_in
from constructs_lib.principals import arn_parts

if TYPE_CHECKING:
    from constructs import Construct

_PARTITION = re.compile(r"aws(-[a-z]+)*")
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")
_ACCOUNT = re.compile(r"[0-9]{12}")
# https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-id
_KEY_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|mrk-[0-9a-fA-F]{32}")
_KEY = "key/"
_FORM = "arn:partition:kms:region:account:key/id"


@dataclass(frozen=True, kw_only=True)
class KeyAddress:
    """A key as it is called.

    Attributes:
        arn: What constructs of the CDK are told. For a key that is known by its alias alone, the alias's ARN.
        key_id: The last part of it.
        account: The key's account.
        region: The key's Region.
        resource: What a statement of an IAM policy names.
        conditions: Under which conditions that is this key alone.
        alias: One of its aliases, with its prefix, if one is known.
    """

    arn: str
    key_id: str
    account: str
    region: str
    resource: str
    conditions: Mapping[str, Any] = field(default_factory=dict)
    alias: str | None = None

    @classmethod
    def by_arn(cls, stack: cdk.Stack, key_arn: str) -> "KeyAddress":
        """Read the ARN of a key.

        Args:
            stack: Where it is used.
            key_arn: Literal, in parts a token, or a token as a whole, of which nothing can be checked.

        Raises:
            ConfigurationError: If it is the ARN of something else, such as an alias.
        """
        if not isinstance(key_arn, str):
            raise ConfigurationError(f"key_arn must be {_FORM}, got {type(key_arn).__name__}")
        if [key_arn] == tokens_in(key_arn):
            parts = stack.split_arn(key_arn, cdk.ArnFormat.SLASH_RESOURCE_NAME)
            account, region, key_id = str(parts.account), str(parts.region), str(parts.resource_name)
        else:
            account, region, key_id = _parsed(key_arn)
        return cls(arn=key_arn, key_id=key_id, account=account, region=region, resource=key_arn)

    @classmethod
    def by_alias(cls, stack: cdk.Stack, alias: str) -> "KeyAddress":
        """Name the key to which an alias of the stack's account and Region points whenever it is used.

        IAM takes no alias ARN for the use of a key, so policies name every key under the condition that it has the
        alias. https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html

        Args:
            stack: Where it is used.
            alias: With or without the prefix `alias/`; those of AWS managed keys begin with `aws/`.

        Raises:
            ConfigurationError: If KMS has no such aliases.
        """
        name = _full_name(alias)
        arn = f"arn:{stack.partition}:kms:{stack.region}:{stack.account}:"
        return cls(
            arn=arn + name,
            key_id=name,
            account=stack.account,
            region=stack.region,
            resource=f"{arn}{_KEY}*",
            conditions={"ForAnyValue:StringEquals": {"kms:ResourceAliases": name}},
            alias=name,
        )

    @classmethod
    def looked_up(cls, scope: "Construct", alias: str, *, missing: str) -> "KeyAddress":
        """Name the key to which an alias points today, as the CDK CLI finds it and `cdk.context.json` remembers it.

        Args:
            scope: Where it is used.
            alias: With or without the prefix `alias/`.
            missing: The key id until the CLI has looked.

        Raises:
            ConfigurationError: If the alias is a token, or the stack's account and Region are not literal.
        """
        stack, name = cdk.Stack.of(scope), _full_name(alias)
        if tokens_in(name):
            raise ConfigurationError(f"alias must be literal to be looked up, got {alias!r}")
        if tokens_in(stack.account + stack.region):
            raise ConfigurationError(
                f"alias must be looked up in a stack whose env names account and Region, got {stack.node.path}"
            )
        found = cdk.ContextProvider.get_value(
            scope, provider="key-provider", props={"aliasName": name}, dummy_value={"keyId": missing}
        ).value["keyId"]
        arn = f"arn:{stack.partition}:kms:{stack.region}:{stack.account}:{_KEY}{found}"
        return cls(arn=arn, key_id=found, account=stack.account, region=stack.region, resource=arn, alias=name)

    @property
    def is_managed_by_aws(self) -> bool:
        """Whether the key is one that AWS made for a service of the account, whose policy nobody can change."""
        return self.alias is not None and self.alias.startswith(PREFIX + OF_AWS)

    @property
    def is_known_by_alias_alone(self) -> bool:
        """Whether only the deployment knows which key it is."""
        return bool(self.conditions)

    def is_of_another_account(self, stack: cdk.Stack) -> bool:
        """Whether the key's account is known to be another one than a stack's."""
        return _differ(stack.account, self.account)

    def is_of_another_region(self, stack: cdk.Stack) -> bool:
        """Whether the key's Region is known to be another one than a stack's."""
        return _differ(stack.region, self.region)

    def check_takes_aliases(self, stack: cdk.Stack) -> None:
        """Refuse a further alias where KMS, which makes aliases beside the key alone, would not make it.

        Args:
            stack: Which would own the alias.

        Raises:
            ConfigurationError: If the key is elsewhere or managed by AWS, or if only an alias of it is known.
        """
        if self.is_of_another_account(stack) or self.is_of_another_region(stack):
            raise ConfigurationError(
                "alias must be given in the account and Region of the key, "
                f"got a stack of {stack.account} in {stack.region}"
            )
        if self.is_managed_by_aws or self.is_known_by_alias_alone:
            raise ConfigurationError(
                f"alias must be given to a key of yours that is known by its ARN, got {self}; from_lookup finds it"
            )

    def __str__(self) -> str:
        """Return how people call it, in messages."""
        return self.arn if self.alias is None or not self.is_known_by_alias_alone else self.alias


def _parsed(key_arn: str) -> tuple[str, str, str]:
    try:
        _, partition, service, region, account, resource = arn_parts(key_arn)
    except ConfigurationError as error:
        raise ConfigurationError(f"key_arn must be {_FORM}, got {key_arn!r}") from error
    key_id = resource.removeprefix(_KEY)
    if resource.startswith(PREFIX):
        raise ConfigurationError(f"key_arn must be {_FORM}, got {key_arn!r}; import an alias by from_alias")
    wrong = [
        value
        for value, pattern in ((partition, _PARTITION), (region, _REGION), (account, _ACCOUNT), (key_id, _KEY_ID))
        if not pattern.fullmatch(value) and not tokens_in(value)
    ]
    if service != "kms" or not resource.startswith(_KEY) or wrong:
        raise ConfigurationError(f"key_arn must be {_FORM}, got {key_arn!r}")
    return account, region, key_id


def _full_name(alias: str) -> str:
    name = alias.removeprefix(PREFIX) if isinstance(alias, str) else ""
    if name.startswith(OF_AWS):
        full_alias_name(name.removeprefix(OF_AWS))  # of the same characters
        return PREFIX + name
    return full_alias_name(alias)


def _differ(mine: str, theirs: str) -> bool:
    return mine != theirs and not tokens_in(mine + theirs)
