"""Secrets: one with everybody whom it can name, and one of an organization whose rotation AWS hosts."""

from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_

from constructs_lib import EncryptionKey
from constructs_lib.managed_secret import ManagedSecret
from constructs_lib.secrets.contents import Generated
from constructs_lib.secrets.database_engine import DatabaseEngine
from constructs_lib.secrets.hosted import Hosted
from constructs_lib.secrets.replicas import Replica
from constructs_lib.secrets.rotation import ByFunction
from constructs_lib.secrets.rotation_schedule import RotationSchedule
from tests.support.intent import read_table
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, place_of
from tests.support.policy_judge import Caller
from tests.support.secret_scene import EVERYTHING, SECRET_WORDS, BuiltSecret, SecretScene

_ORGANIZATION = "o-a1b2c3d4e5"
_HOSTED = f"arn:aws:iam::{ACCOUNT}:role/Orders-SecretHosted-1A2B3C4D5E6F-SecretsManagerRDSPostgreSQ-7G8H9I0J"
_NEIGHBOUR = f"arn:aws:iam::{ACCOUNT}:role/Orders-Neighbour1A2B3C4D-5E6F7G8H9I0J"
_STRANGER = "stranger with everything"
_KEY_OF_REPLICA = f"arn:aws:kms:{OTHER_REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PARTNER = f"arn:aws:iam::{OTHER_ACCOUNT}:role/Partner"


def _stack(app: cdk.App) -> tuple[cdk.Stack, EncryptionKey]:
    stack = cdk.Stack(app, "Orders", env=cdk.Environment(account=ACCOUNT, region=REGION))
    return stack, EncryptionKey(stack, "Key", alias="orders", services=[])


def _role(stack: cdk.Stack, name: str) -> iam.Role:
    return iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal())


def _like_cloudformation(said: Mapping[str, str]) -> dict[str, dict[str, dict[str, str]]]:
    """Return how CloudFormation asks, and others who would like to be taken for it, by who tries."""
    ways = {
        "under its name": {"aws:userid": "AROA1234567890EXAMPLE:AWSCloudFormation"},
        "under a similar name": {"aws:userid": "AROA1234567890EXAMPLE:AWSCloudFormation2"},
        "federated under its name": {"aws:userid": f"{ACCOUNT}:AWSCloudFormation"},
        "through its service": {"aws:CalledViaLast": "cloudformation.amazonaws.com"},
        "through another service": {"aws:CalledViaLast": "athena.amazonaws.com"},
    }
    ways = {name: {**said, **keys} for name, keys in ways.items()}
    return dict.fromkeys(("deployer", "deployer of another Region", "reader with everything", _STRANGER), ways)


def _build_named(app: cdk.App) -> BuiltSecret:
    stack, key = _stack(app)
    people = {name: _role(stack, name.capitalize()) for name in ("reader", "writer", "administrator", "rotation")}
    function = lambda_.Function(
        stack,
        "Rotate",
        code=lambda_.Code.from_inline("def handler(event, context): ..."),
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
        role=people["rotation"],
    )
    secret = ManagedSecret(
        stack,
        "Secret",
        encryption_key=key,
        content=Generated.text(),
        readers=[people["reader"], iam.Role.from_role_arn(stack, "Partner", PARTNER)],
        writers=[people["writer"]],
        administrators=[people["administrator"]],
        rotation=ByFunction(function=function, schedule=RotationSchedule.every(cdk.Duration.days(30))),
        replicas=[Replica(region=OTHER_REGION, encryption_key=kms.Key.from_key_arn(stack, "Copy", _KEY_OF_REPLICA))],
    )
    return BuiltSecret(
        place_of(secret),
        place_of(key),
        {name: place_of(role) for name, role in people.items()},
        others={"partner": Caller(PARTNER, (EVERYTHING,))},
        further_ways=_like_cloudformation({}),
    )


_CLOUDFORMATION = "under its name*, through its service*"
_ALMOST_CLOUDFORMATION = "under a similar name*, federated under its name*, through another service*"
_LIKE_CLOUDFORMATION = f"{_CLOUDFORMATION}, {_ALMOST_CLOUDFORMATION}"
_LOOKED_AFTER = "describe, inspect, label, restore"
_HARMLESS = f"{_LOOKED_AFTER}, validate"
_ADMINISTERED = "rotate, move, delete"
_ALL_BUT_READING = f"{_HARMLESS}, {_ADMINISTERED}, release, regulate, replicate, update, put, replace, destroy"

NAMED = SecretScene(
    "a secret with everybody whom it can name",
    _build_named,
    read_table(
        f"""
    reader                             | directly        | read, describe                        | named
    writer                             | directly        | put, describe                         | named
    rotation                           | directly        | read, put, move, describe             | rotates
    administrator                      | directly        | {_LOOKED_AFTER}, {_ADMINISTERED}      | named
    reader without*, writer without*, rotation without*, administrator without* | directly | -   | IAM is silent
    reader with everything             | directly*, {_LIKE_CLOUDFORMATION} | {_HARMLESS}, read   | reads, and IAM allows the rest
    writer with everything             | directly*       | {_HARMLESS}, put                      | writes, and IAM allows the rest
    rotation with everything           | directly*       | {_HARMLESS}, read, put, move          | rotates, and IAM allows the rest
    administrator with everything      | directly*       | {_HARMLESS}, {_ADMINISTERED}, release | administers, and IAM allows the rest
    deployer                           | directly*, {_ALMOST_CLOUDFORMATION} | {_ALL_BUT_READING} | changes everything
    deployer                           | {_CLOUDFORMATION} | {_ALL_BUT_READING}, read            | what CloudFormation's handlers may read
    reader, reader without*            | directly let in | {_HARMLESS}, read                     | reads
    writer, writer without*            | directly let in | {_HARMLESS}, put                      | writes
    rotation, rotation without*        | directly let in | {_HARMLESS}, read, put, move          | rotates
    administrator, administrator without* | directly let in | {_HARMLESS}, {_ADMINISTERED}, release | changes no key and no policy
    account administrator, root user, stranger with everything, deployer of*, federated user | directly* | {_HARMLESS} | not named
    stranger with everything, deployer of* | {_LIKE_CLOUDFORMATION} | {_HARMLESS}             | not named, whatever his session is called
    stranger, service-linked role      | directly        | -                                     | IAM is silent
    stranger, service-linked role      | directly let in | {_HARMLESS}                           | not named
    partner, partner with everything   | directly        | read, describe                        | reads from another account
    partner, partner with everything   | directly let in | {_HARMLESS}, read                     | reads from another account
    partner without IAM                | directly*       | -                                     | its own account is silent
    foreign stranger, foreign root user | directly       | -                                     | not named
    foreign stranger, foreign root user | directly let in | {_HARMLESS}                          | of an account that is no outsider
    stranger of a third account        | directly*       | -                                     | an outsider
    AWS service                        | directly        | -                                     | not named
    AWS service                        | directly let in | {_HARMLESS}                           | no outsider, and without a name
    somebody unsigned                  | *               | -                                     | unsigned
    reader, writer, rotation, administrator | on another secret | -                              | one secret only
    reader                             | on the replica  | read, describe                        | named
    administrator                      | on the replica  | release                               | makes it a secret of its own
    writer, rotation                   | on the replica  | -                                     | the replica follows
""",
        SECRET_WORDS,
    ),
)


def _build_hosted(app: cdk.App) -> BuiltSecret:
    stack, key = _stack(app)
    reader = _role(stack, "Reader")
    secret = ManagedSecret(
        stack,
        "Secret",
        encryption_key=key,
        content=Generated.database(engine=DatabaseEngine.POSTGRES, username="orders", host="orders.internal"),
        secret_name="orders/database",
        readers=[reader, iam.Role.from_role_arn(stack, "Partner", PARTNER)],
        organization_id=_ORGANIZATION,
        rotation=Hosted(
            engine=DatabaseEngine.POSTGRES,
            function_name="RotateOrders",
            schedule=RotationSchedule.every(cdk.Duration.days(30)),
        ),
    )
    cdk.CfnOutput(stack, "Resolved", value=secret.secret_value_from_json("username").unsafe_unwrap())
    of_others = {"aws:PrincipalOrgID": "o-f6e5d4c3b2"}
    of_us = {"aws:PrincipalOrgID": _ORGANIZATION}
    return BuiltSecret(
        place_of(secret),
        place_of(key),
        {"reader": place_of(reader)},
        others={
            "partner": Caller(PARTNER, (EVERYTHING,)),
            "hosted rotation": Caller(_HOSTED, (EVERYTHING,)),
            "neighbour": Caller(_NEIGHBOUR, (EVERYTHING,)),
        },
        under_any_key={**of_us, "aws:userid": "AROA1234567890EXAMPLE:RotateOrders"},
        ways={
            "among us": of_us,
            "among others": of_others,
            "alone": {},
            "as the function": {**of_us, "aws:userid": "AROA1234567890EXAMPLE:RotateOrders"},
            "as the outsiders' function": {**of_others, "aws:userid": "AROA1234567890EXAMPLE:RotateOrders"},
            # Federated under the function's name.
            "as another's function": {**of_us, "aws:userid": f"{ACCOUNT}:RotateOrders"},
            "as another function": {**of_us, "aws:userid": "AROA1234567890EXAMPLE:RotateOrders2"},
        },
        further_ways=_like_cloudformation(of_us),
    )


HOSTED = SecretScene(
    "a secret of an organization, whose rotation AWS hosts and which a template reads",
    _build_hosted,
    read_table(
        f"""
    deployer                           | a*, {_ALMOST_CLOUDFORMATION} | {_ALL_BUT_READING}       | a reference lets him read no more
    deployer                           | {_CLOUDFORMATION} | {_ALL_BUT_READING}, read            | CloudFormation resolves a reference
    reader                             | among us, among others, alone, as* function | read, describe | named, wherever its account is
    reader without IAM                 | among us, among others, alone, as* function | -         | IAM is silent
    reader with everything             | among*, alone*, as another*, {_LIKE_CLOUDFORMATION} | {_HARMLESS}, read | reads, and IAM allows the rest
    reader with everything             | as the*         | {_HARMLESS}, read, put, move          | under the name of the function
    reader, reader without IAM         | among* let in, alone let in, as another* let in | {_HARMLESS}, read | reads
    reader, reader without IAM         | as the* let in | {_HARMLESS}, read, put, move   | under the name of the function
    hosted rotation, hosted rotation with everything | as the* | {_HARMLESS}, read, put, move    | rotates
    hosted rotation, hosted rotation with everything | among*, alone*, as another* | {_HARMLESS} | is not the function
    account administrator, stranger with everything, deployer of* | a* | {_HARMLESS}          | not named, whatever his session is called
    neighbour, neighbour with everything | as the*, under any key | {_HARMLESS}, read, put, move          | IAM lets him take the function's name
    neighbour, neighbour with everything | among*, alone*, as another* | {_HARMLESS}             | not named
    stranger with everything, deployer of* | {_LIKE_CLOUDFORMATION} | {_HARMLESS}             | not named, whatever his session is called
    root user, federated user          | a*              | {_HARMLESS}                           | not named
    stranger, service-linked role, hosted rotation without IAM, neighbour without IAM | among us, among others, alone, as* function | - | IAM is silent
    stranger, service-linked role      | a* let in       | {_HARMLESS}                           | not named, whatever his session is called
    hosted rotation without IAM, neighbour without IAM | among* let in, alone let in, as another* let in | {_HARMLESS} | not named
    hosted rotation without IAM, neighbour without IAM | as the* let in | {_HARMLESS}, read, put, move | under the name of the function
    partner, partner with everything   | among us, as the function, as another* function | read, describe                 | reads from another account
    partner, partner with everything   | among us let in, as the function let in, as another* let in | {_HARMLESS}, read | reads from another account
    partner, partner with everything   | among others*, alone*, as the out* | -                               | outsiders
    partner without IAM                | a*              | -                                     | its own account is silent
    foreign stranger, foreign root user, stranger of a third account | among us, as the function, as another* function | - | not named
    foreign stranger, foreign root user, stranger of a third account | among us let in, as the function let in, as another* let in | {_HARMLESS} | of the organization
    foreign stranger, foreign root user, stranger of a third account | among others*, alone*, as the out* | - | outsiders
    AWS service                        | among us, among others, alone, as* function | -         | not named
    AWS service                        | * let in        | {_HARMLESS}                           | no outsider, and without a name
    somebody unsigned                  | *               | -                                     | unsigned
    partner                            | under any key   | read, describe                        | reads, whatever his session is called
    hosted rotation                    | under any key   | {_HARMLESS}, read, put, move          | rotates
    reader                             | on another secret, on the replica | -                   | one secret only
""",
        SECRET_WORDS,
    ),
)

SCENES = (NAMED, HOSTED)
