"""A key that was granted: to roles and users of its stack, of another stack and of another account, and to services."""

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.encryption_key import EncryptionKey
from constructs_lib.naming.role_names import UnnamedRoles
from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group
from tests.policies.scenes.everybody import DEPLOYERS, ONE_KEY_ONLY, WHEN_IAM_ADMINISTERS
from tests.support.askers import SERVICE_WAYS
from tests.support.intent import Asker, read_table
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, place_of
from tests.support.policy_judge import Caller
from tests.support.scene import Built, Scene

_LOG_GROUP = "arn:aws:logs:{}:{}:log-group:{}"
_SERVICES = {
    "alarms": Asker(Caller(service="cloudwatch.amazonaws.com"), SERVICE_WAYS),
    "logs": Asker(
        Caller(service=f"logs.{REGION}.amazonaws.com"),
        {
            name: {"kms:EncryptionContext:aws:logs:arn": _LOG_GROUP.format(region, account, group)}
            for name, region, account, group in (
                ("for our log group", REGION, ACCOUNT, "orders"),
                ("for another log group", REGION, ACCOUNT, "payments"),
                ("for our log group elsewhere", OTHER_REGION, ACCOUNT, "orders"),
                ("for our log group's namesake", REGION, OTHER_ACCOUNT, "orders"),
            )
        }
        | {"for no log group": {}},
    ),
    "logs of another Region": Asker(
        Caller(service=f"logs.{OTHER_REGION}.amazonaws.com"),
        {"for our log group": {"kms:EncryptionContext:aws:logs:arn": _LOG_GROUP.format(REGION, ACCOUNT, "orders")}},
    ),
}


def build(app: cdk.App) -> Built:
    """Define the key and grant it."""
    stack, other = cdk.Stack(app, "Orders"), cdk.Stack(app, "Reports")
    abroad = cdk.Stack(app, "Abroad", env=cdk.Environment(account=OTHER_ACCOUNT, region=REGION))
    key = EncryptionKey(stack, "Key", alias="orders")
    people: dict[str, iam.Role | iam.User] = {
        "reader": _role(stack, "Reader"),
        "attacher": _role(stack, "Attacher"),
        "migrator": iam.User(stack, "Migrator"),
        "far reader": _role(other, "Reader", path="/reports/"),
        "far writer": _role(other, "Writer"),
        "muted writer": _role(other, "Muted"),
        "foreign reader": _role(abroad, "Reader", role_name="ForeignReader"),
    }
    for reader in ("reader", "far reader", "foreign reader"):
        key.grant_decrypt(people[reader])
    key.grant(people["attacher"], "kms:DescribeKey", "kms:CreateGrant")
    key.grant(people["migrator"], "kms:Decrypt", "kms:ReEncrypt*")
    key.grant_encrypt(people["far writer"])
    key.grant_encrypt(people["muted writer"])
    key.add_to_resource_policy(_statement(iam.Effect.DENY, people["muted writer"], "kms:Encrypt"))
    alarms = iam.ServicePrincipal(
        "cloudwatch.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": stack.account}}
    )
    key.grant(alarms, "kms:Decrypt", "kms:GenerateDataKey")
    key.allow(encrypt_log_group(log_group_name="orders"))
    places = {name: place_of(person) for name, person in people.items()}
    return Built(place_of(key), places, _SERVICES, {"Abroad": OTHER_ACCOUNT})


def _role(stack: cdk.Stack, name: str, **settings: Any) -> iam.Role:
    return iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal(), **settings)


def _statement(effect: iam.Effect, who: iam.IGrantable, *actions: str) -> iam.PolicyStatement:
    return iam.PolicyStatement(effect=effect, principals=[who.grant_principal], actions=list(actions), resources=["*"])


GRANTS = Scene(
    "granted to roles, users and services",
    build,
    read_table(
        WHEN_IAM_ADMINISTERS
        + DEPLOYERS
        + ONE_KEY_ONLY
        + """
    reader, reader without IAM             | *directly, *via *      | decrypt                  | named
    reader with kms:*                      | *                     | decrypt, inspect, change | named, and IAM administers
    reader re-created                      | *                     | -                        | another identity
    reader on another path                 | *                     | -                        | another identity
    attacher, attacher without IAM         | directly, via *       | DescribeKey              | named
    attacher, attacher without IAM         | creating *            | DescribeKey, hand out    | named
    attacher with kms:*                    | directly, via *       | inspect, change          | IAM administers
    attacher with kms:*                    | creating *            | inspect, change, hand out | named, and IAM administers
    attacher re-created                    | *                     | DescribeKey              | IAM administers
    attacher on another path               | *                     | DescribeKey              | IAM administers
    migrator, migrator without IAM         | *directly, *via *      | decrypt, re-encrypt      | named
    migrator with kms:*                    | *                     | decrypt, re-encrypt, inspect, change | named, and IAM administers
    migrator re-created                    | *                     | -                        | another identity
    migrator on another path               | *                     | -                        | another identity

    far reader                             | *directly, *via *      | decrypt                  | named and in IAM
    far reader re-created                  | *                     | decrypt                  | the same name
    far reader with kms:*                  | *                     | decrypt, inspect, change | named, and IAM administers
    far reader on another path             | *                     | -                        | another name
    far reader without IAM                 | *                     | -                        | IAM is silent
    far writer                             | *directly, *via *      | encrypt                  | named and in IAM
    far writer re-created                  | *                     | encrypt                  | the same name
    far writer with kms:*                  | *                     | encrypt, inspect, change | named, and IAM administers
    far writer on another path             | *                     | -                        | another name
    far writer without IAM                 | *                     | -                        | IAM is silent
    muted writer, muted writer re-created  | *directly, *via *      | GenerateDataKey, GenerateDataKeyWithoutPlaintext | denied the rest
    muted writer with kms:*                | *                     | GenerateDataKey, GenerateDataKeyWithoutPlaintext, inspect, change | denied the rest
    muted writer on another path           | *                     | -                        | another name
    muted writer without IAM               | *                     | -                        | IAM is silent

    foreign reader, foreign reader re-created | *directly, *via *   | decrypt                  | named and in IAM
    foreign reader with kms:*              | *                     | decrypt                  | named and in IAM
    foreign reader on another path         | *                     | -                        | another name
    foreign reader without IAM             | *                     | -                        | IAM is silent
    foreign reader's namesake at home      | *                     | inspect, change          | IAM administers

    alarms                                 | for us                | decrypt, GenerateDataKey | named
    alarms                                 | for another*, for nobody | -                     | another source
    logs                                   | for our log group     | decrypt, encrypt, re-encrypt | named
    logs                                   | for another*, for no*, *elsewhere, *namesake | - | another source
    logs of another Region                 | *                     | -                        | not named
"""
    ),
)


def _build_by_pattern(app: cdk.App) -> Built:
    stack, other = cdk.Stack(app, "Orders"), cdk.Stack(app, "Reports")
    key = EncryptionKey(stack, "Key", unnamed_roles=UnnamedRoles.MATCH_GENERATED_NAME)
    reader = _role(other, "Reader")
    key.grant_decrypt(reader)
    return Built(place_of(key), {"far reader": place_of(reader)})


BY_PATTERN = Scene(
    "granted by the pattern of a generated name",
    _build_by_pattern,
    read_table(
        WHEN_IAM_ADMINISTERS
        + DEPLOYERS
        + ONE_KEY_ONLY
        + """
    far reader, far reader re-created      | *directly, *via *      | decrypt                  | named and in IAM
    far reader with kms:*                  | *                     | decrypt, inspect, change | named, and IAM administers
    far reader on another path             | *                     | -                        | another name
    far reader without IAM                 | *                     | -                        | IAM is silent
"""
    ),
)
