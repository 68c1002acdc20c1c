"""The keys of the record and of the news: which services write and tell, and who of the people reads."""

from dataclasses import replace

from constructs_lib.service_access.service_use import SOURCE_ACCOUNT, SOURCE_ARN
from tests.policies.scenes.everybody import ONE_KEY_ONLY, WHEN_IAM_ADMINISTERS
from tests.policies.scenes.reference_stacks import AuditedStacks, audited_stacks
from tests.support.intent import Asker, read_table
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, place_of
from tests.support.policy_judge import Caller
from tests.support.scene import Built, Scene

_LOGS = "kms:EncryptionContext:aws:cloudtrail:arn"
_OBJECT = "kms:EncryptionContext:aws:s3:arn"
_TOPIC = "kms:EncryptionContext:aws:sns:topicArn"
_VIA = "kms:ViaService"
_DRAWN = "1a2b3c4d5e6f"


def in_topic(name: str, account: str = ACCOUNT, region: str = REGION) -> dict[str, str]:
    """Return what SNS says of a topic."""
    return {_TOPIC: f"arn:aws:sns:{region}:{account}:{name}"}


def _trail(name: str = "reference", account: str = ACCOUNT, region: str = REGION) -> str:
    return f"arn:aws:cloudtrail:{region}:{account}:trail/{name}"


def _build(stacks: AuditedStacks, key: str, *via: str) -> Built:
    people = {"auditor": place_of(stacks.keys.auditor), "recovery": place_of(stacks.keys.recovery)}
    return Built(place_of(getattr(stacks.keys, key)), people, via=via, creating=())


def _build_trail(stacks: AuditedStacks) -> Built:
    built, audit = _build(stacks, "trail_key", "s3", "rds"), stacks.audit
    results = f"arn:aws:s3:::{'-'.join(place_of(audit.queries.results)).lower()}-{_DRAWN}/results/1"
    files = f"arn:aws:s3:::{'-'.join(place_of(audit.trail.bucket)).lower()}-{_DRAWN}"
    s3, elsewhere, sqs = (
        {_VIA: f"{via}.amazonaws.com"} for via in (f"s3.{REGION}", f"s3.{OTHER_REGION}", f"sqs.{REGION}")
    )
    contexts = {
        # Whatever the auditor's own policies ask for: what they allow on other keys must be nothing.
        "for results that are log files": {_OBJECT: results, _LOGS: _trail(), **s3},
        "for log files": {_LOGS: _trail()},
        "for log files through S3": {_LOGS: _trail(), **s3},
        "for results": {_OBJECT: results, **s3},
        "for the bucket of results": {_OBJECT: results.removesuffix("/results/1"), **s3},
        "for results past S3": {_OBJECT: results},
        "for results elsewhere": {_OBJECT: results, **elsewhere},
        "for results through SQS": {_OBJECT: results, **sqs},
        "for another bucket": {_OBJECT: "arn:aws:s3:::payroll/results/1", **s3},
        # With an S3 Bucket Key the context of log files may be their bucket alone.
        "for the bucket of log files": {_OBJECT: files, **s3},
        "for the bucket of log files past S3": {_OBJECT: files},
        "for the bucket of log files elsewhere": {_OBJECT: files, **elsewhere},
        "for the bucket of log files through SQS": {_OBJECT: files, **sqs},
    }
    trails = {
        "for the trail": (_trail(), _trail()),
        "for the trail elsewhere": (_trail(region=OTHER_REGION), _trail(region=OTHER_REGION)),
        "for another trail": (_trail("other"), _trail("other")),
        "for a namesake": (_trail(account=OTHER_ACCOUNT), _trail(account=OTHER_ACCOUNT)),
        "with the context of a namesake": (_trail(), _trail(account=OTHER_ACCOUNT)),
        "for a namesake in the context of the trail": (_trail(account=OTHER_ACCOUNT), _trail()),
    }
    ways = {name: {SOURCE_ARN: source, _LOGS: context} for name, (source, context) in trails.items()}
    ways |= {"with the bucket's context alone": {SOURCE_ARN: _trail(), _OBJECT: files}, "for nobody": {_LOGS: _trail()}}
    services = {
        "CloudTrail": Asker(Caller(service="cloudtrail.amazonaws.com"), ways),
        "Config": Asker(Caller(service="config.amazonaws.com"), ways),
    }
    return replace(built, contexts=contexts, on_another_key=("for the bucket of log files",), services=services)


TRAIL_KEY = Scene(
    "the key of the trail of the reference app",
    _build_trail,
    read_table(
        WHEN_IAM_ADMINISTERS
        + ONE_KEY_ONLY
        + """
    deployer, deployer with kms:*, deployer re-created  | *directly, *elsewhere, *rds, for log files, *past S3, *SQS | inspect, change | IAM administers
    deployer, deployer with kms:*, deployer re-created  | *via s3, for log files through S3, for results, for results that are log files, for the bucket of results, for another bucket, for the bucket of log files | inspect, change, Decrypt, GenerateDataKey | creates
    CloudTrail                                          | for the trail, with the bucket's context alone, with the context of a namesake | Decrypt, DescribeKey, GenerateDataKey | writes log files, whatever S3 makes of its context
    CloudTrail                                          | for the trail elsewhere, for another trail, for a namesake*, for nobody | - | another trail
    Config                                              | *                     | -               | another service
    auditor, auditor without IAM                        | for log files*, for the bucket of log files | Decrypt | reads the record, whatever S3 makes of its context
    auditor with kms:*                                  | for log files*, for the bucket of log files | Decrypt, inspect, change | named, and IAM administers
    auditor, auditor without IAM                        | for results, for results that are log files, for the bucket of results | Decrypt, GenerateDataKey | asks questions
    auditor with kms:*                                  | for results, for results that are log files, for the bucket of results | Decrypt, GenerateDataKey, inspect, change | named, and IAM administers
    auditor, auditor without IAM                        | *directly, *via *, for another bucket, *past S3, for * elsewhere, *SQS | - | neither the record nor results
    auditor with kms:*                                  | *directly, *via *, for another bucket, *past S3, for * elsewhere, *SQS | inspect, change | IAM administers
    auditor re-created, auditor on another path         | *                     | -               | another identity
    recovery, recovery without IAM, recovery re-created, recovery on another path | *directly, *via *, for * | - | not named
    recovery with kms:*                                 | *                     | inspect, change | IAM administers
"""
    ),
    executed=("auditor", "account administrator", "deployer"),
    stacks=audited_stacks,
)


def _build_news(stacks: AuditedStacks) -> Built:
    built, audit = _build(stacks, "news_key", "sns", "sqs", "rds"), stacks.audit
    assert audit.watch.topic is not None
    name = f"{'-'.join(place_of(audit.watch.topic))}-{_DRAWN}"

    rule, alarm = (
        f"arn:aws:{what}" for what in (f"events:{REGION}:{ACCOUNT}:rule/", f"cloudwatch:{REGION}:{ACCOUNT}:")
    )
    own, other = {SOURCE_ACCOUNT: ACCOUNT}, {SOURCE_ACCOUNT: OTHER_ACCOUNT}
    ways = {
        "to the topic": in_topic(name),
        "to another topic": in_topic("payroll"),
        "to a namesake": in_topic(name, OTHER_ACCOUNT),
        "to the topic elsewhere": in_topic(name, region=OTHER_REGION),
        "to the topic for an alarm": {**in_topic(name), **own, SOURCE_ARN: f"{alarm}alarm:Refused"},
        "to the topic for a foreign alarm": {**in_topic(name), **other, SOURCE_ARN: f"{alarm}alarm:Refused"},
        "to another topic for an alarm": {**in_topic("payroll"), **own},
        "to a namesake for an alarm": {**in_topic(name, OTHER_ACCOUNT), **own},
        "to the topic elsewhere for an alarm": {**in_topic(name, region=OTHER_REGION), **own},
        "to a queue for a rule": {**own, SOURCE_ARN: f"{rule}Audit-Watch-{_DRAWN}"},
        "to a queue for another rule": {**own, SOURCE_ARN: f"{rule}Payroll-Watch-{_DRAWN}"},
        "to a queue for a foreign rule": {**other, SOURCE_ARN: f"{rule}Audit-Watch-{_DRAWN}"},
        "to a queue for a rule elsewhere": {**own, SOURCE_ARN: f"arn:aws:events:{OTHER_REGION}:{ACCOUNT}:rule/Audit-1"},
        "to a queue for a namesake": {**own, SOURCE_ARN: f"arn:aws:events:{REGION}:{OTHER_ACCOUNT}:rule/Audit-1"},
        "to a queue for a rule of no account": {SOURCE_ARN: f"{rule}Audit-Watch-{_DRAWN}"},
        "to a queue for nobody": {},
    }
    principals = {"EventBridge": "events", "alarms": "cloudwatch", "S3": "s3", "SNS": "sns"}
    services = {who: Asker(Caller(service=f"{name}.amazonaws.com"), ways) for who, name in principals.items()}
    return replace(built, services=services)


NEWS_KEY = Scene(
    "the key of the news of the reference app",
    _build_news,
    read_table(
        WHEN_IAM_ADMINISTERS
        + ONE_KEY_ONLY
        + """
    deployer, deployer with kms:*, deployer re-created  | *directly, *elsewhere, *rds | inspect, change | IAM administers
    deployer, deployer with kms:*, deployer re-created  | *via sns, *via sqs    | inspect, change, Decrypt, GenerateDataKey | creates
    EventBridge                                         | to the topic, to the topic for * | Decrypt, GenerateDataKey | tells
    EventBridge                                         | to another topic*, to a namesake*, to the topic elsewhere*, to a queue* | - | another topic, or a queue, which SQS encrypts
    alarms                                              | to the topic for an alarm | Decrypt, GenerateDataKey | tells
    alarms                                              | to the topic, to another topic*, to a namesake*, to the topic elsewhere*, to the topic for a foreign alarm, to a queue* | - | another topic or account
    S3, SNS                                             | *                     | -               | another service
    auditor, auditor without IAM, auditor re-created, auditor on another path | *directly, *via * | - | not named
    recovery, recovery without IAM, recovery re-created, recovery on another path | *directly, *via * | - | not named
    auditor with kms:*, recovery with kms:*             | *                     | inspect, change | IAM administers
"""
    ),
    executed=("account administrator", "deployer"),
    stacks=audited_stacks,
)
