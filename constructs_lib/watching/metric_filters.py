"""CountedEvents: what is counted in the copy of a trail in CloudWatch Logs, and what people read when it is many.

Patterns are those of JSON log events: `&&` binds closer than `||`, a `*` stands at the beginning or the end of a value,
and names are compared with upper and lower case.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
"""

from collections.abc import Sequence
from dataclasses import dataclass

from constructs_lib.watching.iam_calls import POLICY_CALLS, ROLE_CALLS
from constructs_lib.watching.runbook import OF_THE_LIBRARY, Runbook

LONGEST_PATTERN = 1024
"""Characters. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"""

LONGEST_DESCRIPTION = 1024
"""Characters. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""

LONGEST_ROLE_NAME = 64
"""Characters. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

# Of the last hour, by arithmetic of the shell: dates are reckoned otherwise by each make of `date`.
_PREAMBLE_OF_COMMAND = "aws logs filter-log-events --start-time $((($(date +%s)-3600)*1000)) --log-group-name"
_KMS = '$.eventSource = "kms.amazonaws.com"'

# AWS Config tries to read what functions have in their environment, and is refused by their keys, whoever asks.
# https://github.com/aws-samples/baseline-environment-on-aws/pull/51
_NOT_BY_CONFIG = '($.sourceIPAddress != "config.amazonaws.com")'


@dataclass(frozen=True, kw_only=True)
class CountedEvents:
    """One kind of record, and how many of it in how long a time people should hear of.

    Attributes:
        name: What the metric and the alarm are called, before what makes that name unique.
        patterns: Of which records: those that one of the patterns matches. No record may match two.
        threshold: How many are an alarm.
        period_minutes: In how many minutes.
        what: What happened, and why it matters.
        look_for: The pattern with which a person finds the records.
        section: The section of the runbook that goes on from there.
        source: The page of AWS that the pattern is from, or that its words are from.
    """

    name: str
    patterns: tuple[str, ...]
    threshold: int = 1
    period_minutes: int = 5
    what: str
    look_for: str
    section: str
    source: str

    def description(self, log_group_name: str, runbook: Runbook = OF_THE_LIBRARY) -> str:
        """Return what a person reads in the alarm, with the command only if both are short enough.

        Args:
            log_group_name: Where the records are.
            runbook: Where the section is. Default: in that of this library.
        """
        find = f"Find the records: {_PREAMBLE_OF_COMMAND} {log_group_name} --filter-pattern '{self.look_for}'"
        read_on = f"Read on: {runbook.section(self.section)}"
        text = f"{self.what} {find} {read_on}"
        return text if len(text) <= LONGEST_DESCRIPTION else f"{self.what} {read_on}"


def refused_use(*, threshold: int, period_minutes: int) -> CountedEvents:
    """Return the requests to KMS that were refused for want of permission.

    Not those to single keys: the record of a refused request may name no key. Not those that a service makes by itself
    for an inventory (AWS Config), which are refused every time and mean nothing. And not those of principals of other
    accounts, which CloudTrail keeps in the account of the caller only.
    https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html

    Args:
        threshold: How many are an alarm.
        period_minutes: In how many minutes.
    """
    pattern = f'{{ ({_KMS}) && ($.errorCode = "AccessDenied*") && {_NOT_BY_CONFIG} }}'
    return CountedEvents(
        name="RefusedUseOfKeys",
        patterns=(pattern,),
        threshold=threshold,
        period_minutes=period_minutes,
        what=(
            f"KMS refused {threshold} requests or more within {period_minutes} minutes: a deployment took a permission "
            "away, or somebody tries keys that are not theirs."
        ),
        look_for=pattern,
        section="refusals-in-a-burst",
        source="https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html",
    )


def use_of_key_pending_deletion() -> CountedEvents:
    """Return the requests for cryptographic operations with a key that waits for its deletion.

    The public key of an asymmetric key is used outside of KMS, which nothing here sees.
    """
    pattern = f'{{ ({_KMS}) && ($.errorMessage = "* is pending deletion.") }}'
    return CountedEvents(
        name="UseOfKeyPendingDeletion",
        patterns=(pattern,),
        what=(
            "Somebody needs a key that is scheduled for deletion, and was refused. When it is deleted, what it "
            "encrypts is lost for ever: cancel the deletion (aws kms cancel-key-deletion), then ask who needs it."
        ),
        look_for=pattern,
        section="use-of-a-key-that-is-pending-deletion",
        source="https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys-creating-cloudwatch-alarm.html",
    )


def use_of_disabled_key() -> CountedEvents:
    """Return the requests for cryptographic operations with a key that is disabled.

    AWS gives no example of such a record: the code is that of the API, and the message the one that users have seen.
    """
    pattern = f'{{ ({_KMS}) && (($.errorCode = "DisabledException") || ($.errorMessage = "* is disabled.")) }}'
    return CountedEvents(
        name="UseOfDisabledKey",
        patterns=(pattern,),
        what=(
            "Somebody needs a key that is disabled, and was refused: what depends on it does not work. If it was "
            "disabled by mistake, enable it (aws kms enable-key)."
        ),
        look_for=pattern,
        section="use-of-a-disabled-key",
        source="https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html",
    )


_USUAL_POLICY_ARN = len("arn:aws-us-gov:iam::123456789012:policy/") + 2 * 128  # a path, and a name of full length
_OR = " || "


def changes_of_roles(role_names: Sequence[str], policy_arns: Sequence[str] = ()) -> CountedEvents:
    """Return the changes of what watched roles may do and of who may take them, also those that were refused.

    IAM records say `roleName` without path, and for a managed policy its ARN without the roles that have it. Names and
    ARNs may be tokens.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html

    Args:
        role_names: The roles, one at least.
        policy_arns: The customer managed policies whose versions count as well. Default: none.
    """
    by_role = _patterns(ROLE_CALLS, "roleName", role_names, LONGEST_ROLE_NAME)
    by_policy = _patterns(POLICY_CALLS, "policyArn", policy_arns, _USUAL_POLICY_ARN)
    return CountedEvents(
        name="ChangesOfWatchedRoles",
        patterns=(*by_role, *by_policy),
        what=(
            "Somebody changed, or tried to change, who may take a role that keys trust, or what it may do: the key "
            "policies are as they were, and mean something else now."
        ),
        look_for='{ $.eventSource = "iam.amazonaws.com" && $.eventName != "Get*" && $.eventName != "List*" }',
        section="a-watched-role-changed",
        source="https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html",
    )


def _patterns(calls: Sequence[str], parameter: str, values: Sequence[str], usual: int) -> list[str]:
    """Return as many patterns as it takes, each as long as it may be with names that are known only when deployed."""
    names = _OR.join(f'($.eventName = "{call}")' for call in calls)
    frame = f'{{ ($.eventSource = "iam.amazonaws.com") && ({names}) && (%s) }}'
    clause = f'($.requestParameters.{parameter} = "%s")'
    groups: list[list[str]] = []
    left = 0
    for value in values:
        needed = len(clause) + max(len(value), usual) + len(_OR)
        if needed > left:
            groups.append([])
            left = LONGEST_PATTERN - len(frame)
        groups[-1].append(clause % value)
        left -= needed
    return [frame % _OR.join(group) for group in groups]
