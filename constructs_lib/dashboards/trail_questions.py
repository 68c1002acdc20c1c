"""What KMS publishes no metric for, asked of the copy of a trail in CloudWatch Logs.

The queries are of CloudWatch Logs Insights:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
The fields are those of the records:
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from collections.abc import Sequence

from constructs_lib.dashboards.shown_key import ShownKey

LONGEST_QUERY = 10_000
"""https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html"""

KEY_ID_LENGTH = 36
"""https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-id"""

STATE_CHANGES = (
    "CancelKeyDeletion",
    "DeleteExpiredKeyMaterial",
    "DeleteImportedKeyMaterial",
    "DeleteKey",
    "DisableKey",
    "DisableKeyRotation",
    "EnableKey",
    "ImportKeyMaterial",
    "PutKeyPolicy",
    "ScheduleKeyDeletion",
)
"""After which a key answers less, more, or to others."""

# The name of a log group, at most 512 characters, and what a query says beside the keys.
_ROOM_FOR_THE_REST = 1_500
_BAR = " | "
# The key's id as the first ARN of a key in the record has it: in the message of a refusal, else in `resources`.
_KEY = r"parse @message /:key\/(?<key>[0-9a-z-]{36})/"
_PRINCIPAL = "fields coalesce(userIdentity.arn, userIdentity.principalId, userIdentity.invokedBy) as principal"
_REFUSED = "errorCode like /AccessDenied/"


class TrailQuestions:
    """The questions about some keys.

    Attributes:
        says_aliases: Whether the answers name keys by alias: as long as a query has room for all of them. Else they
            say key ids.
    """

    says_aliases: bool

    def __init__(self, log_group_name: str, keys: Sequence[ShownKey]) -> None:
        """Prepare what every question begins with.

        Args:
            log_group_name: Where the records are.
            keys: Which keys are meant.
        """
        ids = "|".join(key.key_id for key in keys)
        self._begin = [
            f"SOURCE '{log_group_name}'",
            f'filter eventSource = "kms.amazonaws.com" and @message like /{ids}/',
        ]
        placeholder = "0" * KEY_ID_LENGTH  # an id is a token until the deployment
        names = _BAR.join(_named([(placeholder, key.alias) for key in keys]))
        needed = (KEY_ID_LENGTH + 1) * len(keys) + len(names) + _ROOM_FOR_THE_REST
        self.says_aliases = needed <= LONGEST_QUERY
        self._name = [_KEY, *(_named([(key.key_id, key.alias) for key in keys]) if self.says_aliases else ())]
        self._called = "alias" if self.says_aliases else "key"

    @property
    def failures_by_hour(self) -> str:
        """How many requests failed in each hour: refused, throttled, and all."""
        return self._asked(
            "filter ispresent(errorCode)",
            'stats sum(strcontains(errorCode, "AccessDenied")) as refused, '
            'sum(strcontains(errorCode, "Throttling")) as throttled, count(*) as all_failures by bin(1h)',
        )

    @property
    def refusals(self) -> str:
        """Who was refused what, how often and when last."""
        return self._asked(
            f"filter {_REFUSED}",
            _PRINCIPAL,
            *self._name,
            f"stats count(*) as refusals, max(@timestamp) as last by principal, eventName, {self._called}",
            "sort refusals desc",
            "limit 50",
        )

    @property
    def errors(self) -> str:
        """What else KMS answered with: a disabled key, one that is pending deletion, a wrong context, throttling."""
        return self._asked(
            f"filter ispresent(errorCode) and not ({_REFUSED})",
            *self._name,
            f"stats count(*) as errors, max(@timestamp) as last by errorCode, eventName, {self._called}",
            "sort errors desc",
            "limit 50",
        )

    @property
    def state_changes(self) -> str:
        """Who disabled a key, scheduled its deletion, changed its policy, its material or its rotation."""
        events = ", ".join(f'"{name}"' for name in STATE_CHANGES)
        return self._asked(
            f"filter eventName in [{events}] and not ispresent(errorCode)",
            _PRINCIPAL,
            *self._name,
            f"display @timestamp, eventName, {self._called}, principal",
            "sort @timestamp desc",
            "limit 50",
        )

    def _asked(self, *commands: str) -> str:
        return _BAR.join([*self._begin, *commands])


def _named(keys: Sequence[tuple[str, str]]) -> list[str]:
    names = ["key", *(f"key{index}" for index in range(1, len(keys))), "alias"]
    return [
        f'fields replace({before}, "{key_id}", "{alias}") as {after}'
        for (key_id, alias), before, after in zip(keys, names[:-1], names[1:], strict=True)
    ]
