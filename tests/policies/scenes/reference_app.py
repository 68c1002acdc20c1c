"""The three keys of the reference app, with the roles that its templates define."""

from dataclasses import replace

import aws_cdk as cdk

from app import KeyStack, WorkloadStack
from tests.policies.scenes.everybody import ONE_KEY_ONLY, WHEN_IAM_ADMINISTERS
from tests.support.intent import Asker, read_table
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, place_of
from tests.support.policy_judge import Caller
from tests.support.scene import Built, Scene


def _build(app: cdk.App, key: str, *via: str) -> tuple[Built, WorkloadStack]:
    keys = KeyStack(app, "Keys")
    workload = WorkloadStack(app, "Workload", keys=keys)
    people = {
        "encrypting function": workload.envelope.encrypt_function.role,
        "decrypting function": workload.envelope.decrypt_function.role,
        "writer": workload.writer,
        "reader": workload.reader,
        "auditor": keys.auditor,
        "recovery": keys.recovery,
    }
    places = {name: place_of(role) for name, role in people.items() if role is not None}
    return Built(place_of(getattr(keys, key)), places, via=via, creating=()), workload


def _build_envelope(app: cdk.App) -> Built:
    return _build(app, "envelope_key", "lambda", "rds")[0]


ENVELOPE_KEY = Scene(
    "the envelope key of the reference app",
    _build_envelope,
    read_table(
        WHEN_IAM_ADMINISTERS
        + ONE_KEY_ONLY
        + """
    deployer, deployer with kms:*, deployer re-created  | *                     | inspect, change | IAM administers
    encrypting function, encrypting function re-created | *directly, *via *     | GenerateDataKey | named and in IAM
    encrypting function with kms:*                      | *                     | GenerateDataKey, inspect, change | named, and IAM administers
    decrypting function, decrypting function re-created | *directly, *via *     | Decrypt         | named and in IAM
    decrypting function with kms:*                      | *                     | Decrypt, inspect, change | named, and IAM administers
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
)


def _build_storage(app: cdk.App) -> Built:
    return _build(app, "storage_key", "s3", "rds")[0]


STORAGE_KEY = Scene(
    "the storage key of the reference app",
    _build_storage,
    read_table(
        WHEN_IAM_ADMINISTERS
        + ONE_KEY_ONLY
        + """
    deployer, deployer with kms:*, deployer re-created  | *directly, *elsewhere, *rds | inspect, change | IAM administers
    deployer, deployer with kms:*, deployer re-created  | *via s3               | inspect, change, Decrypt, GenerateDataKey | creates
    writer, writer re-created                           | *directly, *via *     | GenerateDataKey, Decrypt | named and in IAM
    writer with kms:*                                   | *                     | GenerateDataKey, Decrypt, inspect, change | named, and IAM administers
    reader, reader re-created                           | *directly, *via *     | Decrypt         | named and in IAM
    reader with kms:*                                   | *                     | Decrypt, inspect, change | named, and IAM administers
    writer without IAM, reader without IAM              | *                     | -               | IAM is silent
    writer on another path, reader on another path      | *                     | -               | another name
    *function with kms:*, auditor with kms:*, recovery with kms:* | *           | inspect, change | IAM administers
    *function, *function without IAM, *function re-created, *function on another path | *directly, *via * | - | not named
    auditor, auditor without IAM, auditor re-created, auditor on another path | *directly, *via * | -       | not named
    recovery, recovery without IAM, recovery re-created, recovery on another path | *directly, *via * | -   | not named
"""
    ),
)


def _build_operations(app: cdk.App) -> Built:
    built, workload = _build(app, "operations_key", "logs", "rds")
    encrypt, decrypt = (
        "-".join(place_of(function.log_group))
        for function in (workload.envelope.encrypt_function, workload.envelope.decrypt_function)
    )
    ways = {
        name: {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{region}:{account}:log-group:{group}"}
        for name, region, account, group in (
            ("for the encrypting function", REGION, ACCOUNT, f"{encrypt}-1a2b3c4d5e6f"),
            ("for the decrypting function", REGION, ACCOUNT, f"{decrypt}-1a2b3c4d5e6f"),
            ("for another log group", REGION, ACCOUNT, "payments"),
            ("for us elsewhere", OTHER_REGION, ACCOUNT, f"{encrypt}-1a2b3c4d5e6f"),
            ("for the decrypting function elsewhere", OTHER_REGION, ACCOUNT, f"{decrypt}-1a2b3c4d5e6f"),
            ("for a namesake", REGION, OTHER_ACCOUNT, f"{encrypt}-1a2b3c4d5e6f"),
            ("for a namesake of the other", REGION, OTHER_ACCOUNT, f"{decrypt}-1a2b3c4d5e6f"),
        )
    }
    services = {"logs": Asker(Caller(service=f"logs.{REGION}.amazonaws.com"), {**ways, "for nobody": {}})}
    return replace(built, services=services)


OPERATIONS_KEY = Scene(
    "the operations key of the reference app",
    _build_operations,
    read_table(
        WHEN_IAM_ADMINISTERS
        + ONE_KEY_ONLY
        + """
    deployer, deployer with kms:*, deployer re-created  | *directly, *elsewhere, *rds | inspect, change | IAM administers
    deployer, deployer with kms:*, deployer re-created  | *via logs             | inspect, change, Decrypt, GenerateDataKey, Encrypt | creates
    logs                                                | for the *ing function | decrypt, encrypt, re-encrypt | named
    logs                                                | for another log group, for us elsewhere, for the decrypting function elsewhere, for a namesake*, for nobody | - | another source
    *function with kms:*, writer with kms:*, reader with kms:*, auditor with kms:*, recovery with kms:* | * | inspect, change | IAM administers
    *function, *function without IAM, *function re-created, *function on another path | *directly, *via * | - | not named
    writer, writer without IAM, writer re-created, writer on another path             | *directly, *via * | - | not named
    reader, reader without IAM, reader re-created, reader on another path             | *directly, *via * | - | not named
    auditor, auditor without IAM, auditor re-created, auditor on another path         | *directly, *via * | - | not named
    recovery, recovery without IAM, recovery re-created, recovery on another path     | *directly, *via * | - | not named
"""
    ),
)
