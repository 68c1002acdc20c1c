"""A key in two Regions, of which each has a policy of its own: the same people, and one of the second Region alone."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib.key_policy import Administration
from constructs_lib.multi_region_key import MultiRegionKey
from tests.policies.scenes.everybody import ONE_KEY_ONLY, WHEN_ONLY_NAMED_ADMINISTER
from tests.support.action_words import MULTI_REGION_WORDS
from tests.support.intent import Asker, read_table
from tests.support.literal_templates import ACCOUNT, OTHER_REGION, REGION, place_of
from tests.support.policy_judge import Caller
from tests.support.scene import Built, Scene

_REPLICATING = {
    "replicating there": {"kms:ReplicaRegion": OTHER_REGION},
    "replicating elsewhere": {"kms:ReplicaRegion": "ap-south-1"},
}
_DEPLOYER_THERE = "deployer of another Region"
_WITHOUT_IAM = {
    "deployer there without IAM": Asker(
        Caller(f"arn:aws:iam::{ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-{ACCOUNT}-{OTHER_REGION}")
    )
}
_EVERYBODY_ELSE = "\n".join(line for line in WHEN_ONLY_NAMED_ADMINISTER.splitlines() if _DEPLOYER_THERE not in line)


def _build(app: cdk.App, key_of: Callable[[MultiRegionKey], Any]) -> Built:
    here, there = (
        cdk.Stack(app, name, env=cdk.Environment(account=ACCOUNT, region=region))
        for name, region in (("Here", REGION), ("There", OTHER_REGION))
    )
    people = {
        name: iam.Role(stack, name.title(), assumed_by=iam.AccountRootPrincipal(), role_name=f"Orders{name.title()}")
        for name, stack in {"administrator": here, "reader": here, "writer": there, "local": there}.items()
    }
    key = MultiRegionKey(
        here,
        "Key",
        replicas=[there],
        alias="orders",
        administration=Administration.ONLY_NAMED,
        administrators=[people["administrator"]],
        decrypters=[people["reader"]],
        encrypters=[people["writer"]],
        services=[],
    )
    key.in_region_of(there).grant_decrypt(people["local"])
    places = {name: place_of(person) for name, person in people.items()}
    return Built(place_of(key_of(key)), places, others=_WITHOUT_IAM, contexts=_REPLICATING, creating=())


PRIMARY = Scene(
    "the primary of a key in two Regions",
    lambda app: _build(app, lambda key: key),
    read_table(
        _EVERYBODY_ELSE
        + ONE_KEY_ONLY
        + """
    deployer, deployer with kms:*, deployer re-created | *                      | inspect, change | administers
    deployer there without IAM             | *                                  | -               | IAM is silent
    deployer of another Region             | replicating there                  | ReplicateKey    | makes its replica
    deployer of another Region             | *directly, *via *, replicating elsewhere | -         | nothing but its replica
    administrator, administrator without IAM, administrator with kms:* | *directly, *via *, replicating * | inspect, change | named
    administrator re-created, administrator on another path | *                 | -               | another identity
    reader, reader without IAM, reader with kms:* | *directly, *via *, replicating * | decrypt    | named
    reader re-created, reader on another path | *                               | -               | another identity
    writer, writer re-created, writer with kms:* | *directly, *via *, replicating * | encrypt     | named and in IAM
    writer without IAM                     | *                                  | -               | IAM is silent
    writer on another path                 | *                                  | -               | another name
    local, local re-created, local with kms:*, local without IAM, local on another path | *directly, *via *, replicating * | - | granted there
""",
        MULTI_REGION_WORDS,
    ),
    MULTI_REGION_WORDS,
)

REPLICA = Scene(
    "the replica of a key in two Regions",
    lambda app: _build(app, lambda key: key.everywhere[1]),
    read_table(
        _EVERYBODY_ELSE
        + ONE_KEY_ONLY
        + """
    deployer, deployer with kms:*, deployer re-created | *                      | -               | deploys elsewhere
    deployer there without IAM             | *                                  | -               | IAM is silent
    deployer of another Region             | *                                  | inspect, change | administers
    administrator, administrator re-created, administrator with kms:* | *directly, *via *, replicating * | inspect, change | named and in IAM
    administrator without IAM              | *                                  | -               | IAM is silent
    administrator on another path          | *                                  | -               | another name
    reader, reader re-created, reader with kms:* | *directly, *via *, replicating * | decrypt     | named and in IAM
    reader without IAM                     | *                                  | -               | IAM is silent
    reader on another path                 | *                                  | -               | another name
    writer, writer without IAM, writer with kms:* | *directly, *via *, replicating * | encrypt    | named
    writer re-created, writer on another path | *                               | -               | another identity
    local, local without IAM, local with kms:* | *directly, *via *, replicating * | decrypt       | granted here
    local re-created, local on another path | *                                 | -               | another identity
""",
        MULTI_REGION_WORDS,
    ),
    MULTI_REGION_WORDS,
)
