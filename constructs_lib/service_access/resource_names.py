"""What the catalogue accepts as a name, an account or a Region: nothing that covers everything, nothing else.

A `${...}` in a text is what only the deployment knows, and is accepted for any part of it.
"""

import re
from dataclasses import dataclass

from constructs_lib.errors import ConfigurationError

_PLACEHOLDER = r"\$\{[^}]*\}"
_ACCOUNT = re.compile(rf"\d{{12}}|{_PLACEHOLDER}")
_REGION = re.compile(rf"[a-z]{{2,4}}(-[a-z]+)+-\d|{_PLACEHOLDER}")


@dataclass(frozen=True, slots=True)
class NameForm:
    """How the name of a kind of resource is written.

    Attributes:
        of: The kind of resource with its article, for messages.
        characters: Inside of a character class.
        longest: How many characters it has at most.
        example: A name, for messages.
    """

    of: str
    characters: str
    longest: int
    example: str

    def check(self, argument: str, name: str) -> str:
        """Return a name that is one.

        Args:
            argument: What the caller calls it.
            name: The name.

        Raises:
            ConfigurationError: If it is no name of this kind of resource.

        Examples:
            >>> NameForm("a topic", "a-z", 256, "alarms").check("topic_name", "orders")
            'orders'
        """
        if not isinstance(name, str) or not self._matches(name, self.characters):
            raise ConfigurationError(
                f"{argument} must be the name of {self.of} such as {self.example}, got {_said(name)}"
            )
        return name

    def check_pattern(self, argument: str, name: str) -> str:
        """Return a name, or a pattern that starts with a part of one, for names that CloudFormation completes.

        Args:
            argument: What the caller calls it.
            name: The name; `*` and `?` stand for what is not known.

        Raises:
            ConfigurationError: If it is neither, or starts with a wildcard and so covers everything.

        Examples:
            >>> NameForm("a topic", "a-zA-Z-", 256, "alarms").check_pattern("topic_name", "Orders-Topic-*")
            'Orders-Topic-*'
        """
        if not isinstance(name, str) or name.startswith(("*", "?")) or not self._matches(name, "*?" + self.characters):
            raise ConfigurationError(
                f"{argument} must be the name of {self.of} such as {self.example}, or a pattern that starts with a "
                f"part of one, got {_said(name)}"
            )
        return name

    def _matches(self, name: str, characters: str) -> bool:
        without = re.sub(_PLACEHOLDER, "", name)
        return (
            bool(re.fullmatch(rf"(?:{_PLACEHOLDER}|[{characters}])+", name, re.ASCII)) and len(without) <= self.longest
        )


# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
# and the API reference of each service.
ACTIVITY = NameForm("an activity", r"\w.-", 80, "approve")
BUCKET = NameForm("a bucket", r"a-z0-9.-", 63, "orders-eu")
OBJECT_PREFIX = NameForm("a prefix of objects", r"\w!.'()/=&$@:,+ -", 1024, "logs/")
DISTRIBUTION = NameForm("a distribution", r"A-Z0-9", 32, "E1A2B3C4D5E6F7")
EVENT_BUS = NameForm("an event bus", r"\w./-", 256, "default")
FUNCTION = NameForm("a function", r"\w-", 64, "resize")
HOSTED_ZONE = NameForm("a hosted zone", r"A-Z0-9", 32, "Z1A2B3C4D5E6F7")
LOG_GROUP = NameForm("a log group", r"\w./#-", 512, "orders")
# 1,011 characters with the ARN before it. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
PARAMETER = NameForm(
    "a parameter", r"\w./-", 1011 - len("arn:aws:ssm:eu-west-1:111122223333:parameter"), "/orders/token"
)
QUEUE = NameForm("a queue", r"\w.-", 80, "orders")
RULE = NameForm("a rule", r"\w./-", 320, "on-upload")
SECRET = NameForm("a secret", r"\w/+=.@-", 512, "orders/database")
STATE_MACHINE = NameForm("a state machine", r"\w.-", 80, "orders")
STREAM = NameForm("a stream", r"\w.-", 128, "orders")
TABLE = NameForm("a table", r"\w.-", 255, "orders")
TOPIC = NameForm("a topic", r"\w.-", 256, "alarms")
TRAIL = NameForm("a trail", r"\w.-", 128, "main")


def checked_account(argument: str, account: str) -> str:
    """Return an account number.

    Args:
        argument: What the caller calls it.
        account: The account.

    Raises:
        ConfigurationError: If it is none.

    Examples:
        >>> checked_account("account", "111122223333")
        '111122223333'
    """
    if not isinstance(account, str) or not _ACCOUNT.fullmatch(account):
        raise ConfigurationError(f"{argument} must be an account number of 12 digits, got {_said(account)}")
    return account


def checked_region(argument: str, region: str) -> str:
    """Return a Region.

    Args:
        argument: What the caller calls it.
        region: The Region.

    Raises:
        ConfigurationError: If it is none.

    Examples:
        >>> checked_region("region", "us-gov-west-1")
        'us-gov-west-1'
    """
    if not isinstance(region, str) or not _REGION.fullmatch(region):
        raise ConfigurationError(f"{argument} must be a Region such as eu-west-1, got {_said(region)}")
    return region


def _said(given: object) -> str:
    if isinstance(given, str):
        return repr(given)
    return f"{given}, which is no text" if isinstance(given, int) else f"a {type(given).__name__} instead of a text"
