"""The keys of data and of logs of the reference app, with the roles that its templates define."""

from dataclasses import replace
from typing import cast

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3

from app import AuditStack
from constructs_lib.service_access.service_use import SOURCE_ACCOUNT
from tests.policies.scenes.audit import in_topic
from tests.policies.scenes.everybody import ONE_KEY_ONLY, WHEN_IAM_ADMINISTERS
from tests.policies.scenes.reference_stacks import AuditedStacks, DataStacks, audited_stacks, data_stacks
from tests.support.intent import Asker, read_table
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, place_of
from tests.support.policy_judge import Caller
from tests.support.scene import Built, Scene


def _build(stacks: DataStacks | AuditedStacks, key: str, *via: str) -> Built:
    keys, workload = stacks.keys, stacks.workload
    people = {
        "encrypting function": workload.envelope.encrypt_function.role,
        "decrypting function": workload.envelope.decrypt_function.role,
        "re-encrypting function": workload.migration.function.role,
        "arrivals function": workload.arrival.function.role,
        "writer": workload.writer,
        "reader": workload.reader,
        "auditor": keys.auditor,
        "recovery": keys.recovery,
    }
    places = {name: place_of(role) for name, role in people.items() if role is not None}
    return Built(place_of(getattr(keys, key)), places, via=via, creating=())


def _build_envelope(stacks: DataStacks) -> Built:
    return _build(stacks, "envelope_key", "lambda", "rds")


ENVELOPE_KEY = Scene(
    "the envelope key of the reference app",
    _build_envelope,
    read_table(
        WHEN_IAM_ADMINISTERS
        + ONE_KEY_ONLY
        + """
    deployer, deployer with kms:*, deployer re-created  | *                     | inspect, change | IAM administers
    encrypting function, encrypting function re-created, arrivals function, arrivals function re-created | *directly, *via * | GenerateDataKey | named and in IAM
    encrypting function with kms:*, arrivals function with kms:* | *            | GenerateDataKey, inspect, change | named, and IAM administers
    decrypting function, decrypting function re-created, re-encrypting function, re-encrypting function re-created | *directly, *via * | Decrypt | named and in IAM
    decrypting function with kms:*, re-encrypting function with kms:* | *       | Decrypt, inspect, change | named, and IAM administers
    *function without IAM                               | *                     | -               | IAM is silent
    *function on another path                           | *                     | -               | another name
    recovery, recovery without IAM                      | *directly, *via *     | Decrypt         | named
    recovery with kms:*                                 | *                     | Decrypt, inspect, change | named, and IAM administers
    auditor, auditor without IAM                        | *directly, *via *     | inspect         | named
    auditor re-created, auditor on another path         | *                     | -               | another identity
    recovery re-created, recovery on another path       | *                     | -               | another identity
    writer with kms:*, reader with kms:*, auditor with kms:* | *                | inspect, change | IAM administers
    writer, writer without IAM, writer re-created, writer on another path | *directly, *via * | - | not named
    reader, reader without IAM, reader re-created, reader on another path | *directly, *via * | - | not named
"""
    ),
    executed=("*function", "re* with kms:[*]", "recovery", "auditor", "account administrator", "deployer", "stranger*"),
    stacks=data_stacks,
)


def _in_bucket(bucket: s3.IBucket) -> dict[str, str]:
    arn = f"arn:aws:s3:::{'-'.join(place_of(bucket)).lower()}-1a2b3c4d5e6f"
    return {"kms:ViaService": f"s3.{REGION}.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": f"{arn}/in/1"}


def _build_storage(stacks: DataStacks) -> Built:
    built, workload = _build(stacks, "storage_key", "s3", "rds"), stacks.workload
    arrivals = _in_bucket(workload.arrivals)
    other = {"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::payroll/in/1"}
    elsewhere = {"kms:ViaService": f"s3.{OTHER_REGION}.amazonaws.com"}
    contexts = {
        "for arrivals": arrivals,
        "for messages": _in_bucket(workload.messages),
        "for opened": _in_bucket(workload.opened),
        "for another bucket": {**arrivals, **other},
        "for arrivals elsewhere": {**arrivals, **elsewhere},
        "for arrivals past S3": {name: value for name, value in arrivals.items() if name not in elsewhere},
    }
    return replace(built, contexts=contexts)


STORAGE_KEY = Scene(
    "the storage key of the reference app",
    _build_storage,
    read_table(
        WHEN_IAM_ADMINISTERS
        + ONE_KEY_ONLY
        + """
    deployer, deployer with kms:*, deployer re-created  | *directly, *elsewhere, *rds, *past S3 | inspect, change | IAM administers
    deployer, deployer with kms:*, deployer re-created  | *via s3, for arrivals, for messages, for opened, for another bucket | inspect, change, Decrypt, GenerateDataKey | creates
    writer, writer re-created                           | for messages          | GenerateDataKey, Decrypt | writes in parts
    writer with kms:*                                   | for messages          | GenerateDataKey, Decrypt, inspect, change | named, and IAM administers
    reader, reader re-created                           | for messages          | Decrypt         | reads messages
    reader with kms:*                                   | for messages          | Decrypt, inspect, change | named, and IAM administers
    writer, writer re-created, reader, reader re-created | *directly, *via *, for arrivals*, for opened, for another bucket | - | another bucket, or not through S3
    writer with kms:*, reader with kms:*                | *directly, *via *, for arrivals*, for opened, for another bucket | inspect, change | IAM administers
    writer without IAM, reader without IAM              | *                     | -               | IAM is silent
    writer on another path, reader on another path      | *                     | -               | another name
    encrypting function, encrypting function re-created, arrivals function, arrivals function re-created | for arrivals | Decrypt | reads plaintext
    encrypting function, encrypting function re-created, arrivals function, arrivals function re-created | for messages | Decrypt, GenerateDataKey | writes in parts
    encrypting function, encrypting function re-created, arrivals function, arrivals function re-created | *directly, *via *, for opened, for another bucket, for arrivals elsewhere, for arrivals past S3 | - | another bucket, or not through S3
    decrypting function, decrypting function re-created | for messages          | Decrypt         | reads messages
    decrypting function, decrypting function re-created | for opened            | Decrypt, GenerateDataKey | writes in parts
    decrypting function, decrypting function re-created | *directly, *via *, for arrivals*, for another bucket | - | another bucket, or not through S3
    re-encrypting function, re-encrypting function re-created | for messages    | Decrypt, GenerateDataKey | reads and writes in parts
    re-encrypting function, re-encrypting function re-created | *directly, *via *, for arrivals*, for opened, for another bucket | - | another bucket, or not through S3
    encrypting function with kms:*, arrivals function with kms:* | for arrivals | Decrypt, inspect, change | named, and IAM administers
    encrypting function with kms:*, arrivals function with kms:* | for messages | Decrypt, GenerateDataKey, inspect, change | named, and IAM administers
    encrypting function with kms:*, arrivals function with kms:* | *directly, *via *, for opened, for another bucket, for arrivals elsewhere, for arrivals past S3 | inspect, change | IAM administers
    decrypting function with kms:*                      | for messages          | Decrypt, inspect, change | named, and IAM administers
    decrypting function with kms:*                      | for opened            | Decrypt, GenerateDataKey, inspect, change | named, and IAM administers
    decrypting function with kms:*                      | *directly, *via *, for arrivals*, for another bucket | inspect, change | IAM administers
    re-encrypting function with kms:*                   | for messages          | Decrypt, GenerateDataKey, inspect, change | named, and IAM administers
    re-encrypting function with kms:*                   | *directly, *via *, for arrivals*, for opened, for another bucket | inspect, change | IAM administers
    *function without IAM                               | *                     | -               | IAM is silent
    *function on another path                           | *                     | -               | another name
    auditor with kms:*, recovery with kms:*             | *                     | inspect, change | IAM administers
    auditor, auditor without IAM, auditor re-created, auditor on another path | *directly, *via *, for * | -       | not named
    recovery, recovery without IAM, recovery re-created, recovery on another path | *directly, *via *, for * | -   | not named
"""
    ),
    executed=("*function", "writer", "reader", "deployer"),
    stacks=data_stacks,
)


def _build_operations(stacks: AuditedStacks) -> Built:
    built = _build(stacks, "operations_key", "logs", "sns", "rds")
    _, workload, secrets, audit = stacks
    assert audit.trail.log_group is not None
    functions = {
        "encrypting": workload.envelope.encrypt_function,
        "decrypting": workload.envelope.decrypt_function,
        "re-encrypting": workload.migration.function,
        "arrivals": workload.arrival.function,
        "rotating": secrets.rotation.function,
        "overdue": cast("lambda_.Function", audit.secret_watch.node.find_child("Overdue").node.find_child("Resource")),
    }
    groups = {name: f"{'-'.join(place_of(each.log_group))}-1a2b3c4d5e6f" for name, each in functions.items()}
    copy = f"{'-'.join(place_of(audit.trail.log_group))}-1a2b3c4d5e6f"
    places = [
        ("for another log group", REGION, ACCOUNT, "payments"),
        ("for the trail", REGION, ACCOUNT, copy),
        ("elsewhere for the trail", OTHER_REGION, ACCOUNT, copy),
        ("for a namesake of the trail's", REGION, OTHER_ACCOUNT, copy),
    ]
    for name, group in groups.items():
        places += [
            (f"for the {name} function", REGION, ACCOUNT, group),
            (f"elsewhere for the {name} function", OTHER_REGION, ACCOUNT, group),
            (f"for a namesake of the {name} one", REGION, OTHER_ACCOUNT, group),
        ]
    ways = {
        name: {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{region}:{account}:log-group:{group}"}
        for name, region, account, group in places
    }
    services = {
        "logs": Asker(Caller(service=f"logs.{REGION}.amazonaws.com"), {**ways, "for nobody": {}}),
        "alarms": Asker(Caller(service="cloudwatch.amazonaws.com"), _of_alarms(audit)),
        "EventBridge": Asker(Caller(service="events.amazonaws.com"), _of_alarms(audit)),
    }
    return replace(built, services=services)


def _of_alarms(audit: AuditStack) -> dict[str, dict[str, str]]:
    assert audit.cis.topic is not None
    name = f"{'-'.join(place_of(audit.cis.topic))}-1a2b3c4d5e6f"
    own = {SOURCE_ACCOUNT: ACCOUNT}
    return {
        "to the topic": {**in_topic(name), **own},
        "to the topic for a foreign alarm": {**in_topic(name), SOURCE_ACCOUNT: OTHER_ACCOUNT},
        "to the topic for nobody": in_topic(name),
        "to another topic": {**in_topic("payroll"), **own},
        "to a namesake": {**in_topic(name, OTHER_ACCOUNT), **own},
        "to the topic elsewhere": {**in_topic(name, region=OTHER_REGION), **own},
        "to no topic": own,
    }


OPERATIONS_KEY = Scene(
    "the operations key of the reference app",
    _build_operations,
    read_table(
        WHEN_IAM_ADMINISTERS
        + ONE_KEY_ONLY
        + """
    deployer, deployer with kms:*, deployer re-created  | *directly, *elsewhere, *rds | inspect, change | IAM administers
    deployer, deployer with kms:*, deployer re-created  | *via logs             | inspect, change, Decrypt, GenerateDataKey, Encrypt | creates
    deployer, deployer with kms:*, deployer re-created  | *via sns              | inspect, change, Decrypt, GenerateDataKey | creates
    logs                                                | for the * function, for the trail | decrypt, encrypt, re-encrypt | named
    alarms                                              | to the topic          | Decrypt, GenerateDataKey | tell
    alarms                                              | to the topic *, to another topic, to a namesake, to no topic | - | another topic or account
    EventBridge                                         | to the topic, to the topic for * | Decrypt, GenerateDataKey | tells of the news key
    EventBridge                                         | to the topic elsewhere, to another topic, to a namesake, to no topic | - | another topic
    logs                                                | for another log group, elsewhere*, for a namesake*, for nobody | - | another source
    *function with kms:*, writer with kms:*, reader with kms:*, auditor with kms:*, recovery with kms:* | * | inspect, change | IAM administers
    *function, *function without IAM, *function re-created, *function on another path | *directly, *via * | - | not named
    writer, writer without IAM, writer re-created, writer on another path             | *directly, *via * | - | not named
    reader, reader without IAM, reader re-created, reader on another path             | *directly, *via * | - | not named
    auditor, auditor without IAM, auditor re-created, auditor on another path         | *directly, *via * | - | not named
    recovery, recovery without IAM, recovery re-created, recovery on another path     | *directly, *via * | - | not named
"""
    ),
    executed=("encrypting function", "arrivals function with kms:[*]", "account administrator", "deployer"),
    stacks=audited_stacks,
)
