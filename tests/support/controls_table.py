"""The page that says what implements which control, written from the rows that the tests prove."""

from collections.abc import Iterable

from constructs_lib.watching.burst import Burst
from constructs_lib.watching.itself_counted import Itself, changes_of_watch
from constructs_lib.watching.metric_filters import (
    changes_of_roles,
    refused_use,
    use_of_disabled_key,
    use_of_key_pending_deletion,
)
from tests.support.control_rows import ALARMS, BUCKETS, KEYS, TRAILS, ControlRow

_INTRODUCTION = """\
# Controls

This page is written by `make docs` from rows that the tests prove: `tests/docs/test_controls_page.py` synthesises a
stack with `EncryptionKey`, `AuditTrail`, `KeyWatch` and `CisAlarms`, looks in its template for what the fifth column
says, takes it away, and demands that it be missed. One test is named after each row: `pytest
tests/docs/test_controls_page.py -k CloudTrail.2`.

The controls are those of AWS Security Hub CSPM for KMS, CloudTrail, the alarms of CloudWatch and what `AuditTrail`
and `NewTopic` make in S3 and SNS, and those of the CIS AWS Foundations Benchmark behind them. Numbers of CIS are
given for the versions that Security Hub knows: 1.2.0, 1.4.0, 3.0.0 and 5.0.0. Nothing was tried with Security Hub
itself: the rows say what the template has, and Security Hub looks at what is deployed. There is no CloudTrail.8. That
of CloudTrail.10 is known here from its rule of AWS Config, `event-data-store-cmk-encryption-enabled`.

- https://docs.aws.amazon.com/securityhub/latest/userguide/kms-controls.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html
- https://docs.aws.amazon.com/securityhub/latest/userguide/cis-aws-foundations-benchmark.html
"""
_OF_KEYS = """\
## Keys

Every kind of key of this library, in every account and Region where there is one.
"""
_OF_TRAILS = """\
## Trails

`AuditTrail`, once for an account or an organization. For a trail that exists already, `ExistingTrail`, nothing of
this is checked.
"""
_OF_BUCKETS = """\
## The bucket of log files
"""
_OF_ALARMS = """\
## Alarms

Security Hub compares the metric filters of CloudWatch.1 to .14 with its own to the last character, and so does a test
with the published text in `tests/data/cis_metric_filters.json`. It looks for them where the trail is: in the account
that owns it, in the Region of its log group. With the trail of an organization, member accounts are shown no data,
and the calls of all of them are counted together. It wants a topic of the same account, so with `ToBus` these
controls fail, and a topic with a subscription.

In versions 3.0 and 5.0 of the benchmark 4.1 to 4.15 are for people to check, and Security Hub checks none of them; it
checks 4.3 to 4.14 for version 1.4, and 3.1 to 3.14 for version 1.2.

Some ring often. One refused call in the whole account is an alarm of CloudWatch.2, and what a person then does is to
see which: each alarm's text has the command. What matters to keys in numbers is counted by `KeyWatch`, for which a
[burst](key-watch.md) is ten refusals of KMS within five minutes.

Each control is a metric and an alarm, which are paid for by the month: [costs](costs.md). `controls=` of `CisAlarms`
takes fewer of them.
"""
_OF_COUNTED = """\
## What `KeyWatch` counts

Beside CIS, in the same copy of the trail. These are the usual thresholds; `burst=` changes that of refusals. The last
column is an example with a role and a policy that are watched, in a stack `Audit`.

"""
_LIMITS = """
- Everything in the log group is counted together, whatever the key: the record of a refused request may name none. With
  the trail of an organization that is every account's.
- **Refusals of other accounts' principals are not here.** KMS records a refused request across accounts in the account
  of the caller alone. https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
- AWS Config, which tries to read what Lambda functions have in their environment, is refused again and again by keys
  that do not know it, and is not counted: https://github.com/aws-samples/baseline-environment-on-aws/pull/51
- AWS publishes the message of a key that is pending deletion, and no record of a disabled one: the pattern takes the
  code of the API and the message that users have seen.
- Roles are known by their names, also generated ones, which the template refers to. A change of a managed policy is
  recorded without the roles that have it: name it in `policies=`. Tags and session lengths are not counted, and what
  was refused is.
- CloudTrail brings a record into the log group some minutes after the call, and a metric is counted each minute. An
  alarm rings once: while records keep coming it stays, and it ends a period after the last one, of which nobody is
  told.
  https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html
"""
_COUNTED_HEADINGS = ("Alarm", "What it says", "When", "Go on", "Pattern")
_HEADINGS = ("Control", "CIS", "Asks", "Here", "Proven by", "Left to you")


def controls_table() -> str:
    """Return the page."""
    parts = (
        (_OF_KEYS, KEYS),
        (_OF_TRAILS, TRAILS),
        (_OF_BUCKETS, BUCKETS),
        (_OF_ALARMS, ALARMS),
    )
    tables = ["\n".join([text, *_table(rows), ""]) for text, rows in parts]
    return "\n".join([_INTRODUCTION, *tables, _OF_COUNTED.rstrip("\n"), "", *_counted(), _LIMITS.rstrip("\n"), ""])


def _counted() -> list[str]:
    burst = Burst()
    kinds = (
        refused_use(threshold=burst.refusals, period_minutes=burst.minutes),
        use_of_key_pending_deletion(),
        use_of_disabled_key(),
        changes_of_watch(
            Itself(
                prefix="Audit-",
                queue_url="https://sqs.eu-west-1.amazonaws.com/111122223333/undelivered",
                log_group_name="trail",
                topic_arn="arn:aws:sns:eu-west-1:111122223333:news",
            )
        ),
        changes_of_roles(["orders-reader"], ["arn:aws:iam::111122223333:policy/orders"]),
    )
    lines = [_line(_COUNTED_HEADINGS), _line("---" for _ in _COUNTED_HEADINGS)]
    for kind in kinds:
        # A bar would end the cell, even inside code.
        patterns = "; ".join(f"`{pattern}`" for pattern in kind.patterns).replace("|", "\\|")
        runbook = f"runbook.md#{kind.section}"
        often = f"{kind.threshold} within {kind.period_minutes} minutes"
        lines.append(_line((f"`{kind.name}`", kind.what, often, f"[runbook]({runbook})", patterns)))
    return lines


def _table(rows: Iterable[ControlRow]) -> list[str]:
    lines = [_line(_HEADINGS), _line("---" for _ in _HEADINGS)]
    for row in rows:
        proven = "; ".join(proof.evidence for proof in row.proofs)
        lines.append(_line((row.control, row.cis, row.asks, row.here, proven, row.left)))
    return lines


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
