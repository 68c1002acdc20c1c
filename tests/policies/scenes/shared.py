"""A key that a company shares: with permission sets, an organization, a unit of it, a partner and another account's role."""

from collections.abc import Mapping
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from constructs_lib import EncryptionKey, Naming, organizational_unit, permission_set
from tests.policies.scenes.everybody import WHEN_IAM_ADMINISTERS
from tests.support.action_words import SYMMETRIC_WORDS
from tests.support.askers import KMS_STAR, variants
from tests.support.intent import Asker, read_table, ways_via
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, place_of
from tests.support.policy_judge import Caller, Document
from tests.support.scene import Built, Scene

MEMBER, PARTNER = "777788889999", "123412341234"
ORGANIZATION = "o-a1b2c3d4e5"
ROOT = f"{ORGANIZATION}/r-ab12"
UNIT = f"{ROOT}/ou-ab12-11111111"
FAR = f"arn:aws:iam::{OTHER_ACCOUNT}:role/team/Far"

_FROM = {
    "from the unit": UNIT,
    "from below the unit": f"{UNIT}/ou-ab12-33333333",
    "from a unit whose id begins alike": f"{UNIT}1",
    "from beside the unit": f"{ROOT}/ou-ab12-22222222",
    "from above the unit": ROOT,
    "from another organization": UNIT.replace(ORGANIZATION, "o-z9y8x7w6v5"),
}
_WAYS = {
    name: {"aws:PrincipalOrgID": path.partition("/")[0], "aws:PrincipalOrgPaths": [f"{path}/"]}
    for name, path in _FROM.items()
} | {"from no organization": {}}
_AS_EVER = ways_via("lambda")


def _set_role(
    name: str, *, account: str = ACCOUNT, region: str = "eu-west-1/", suffix: str = "0123456789abcdef"
) -> str:
    return f"arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com/{region}AWSReservedSSO_{name}_{suffix}"


def _in_iam(*words: str) -> Document:
    actions = sorted(action for word in words for action in SYMMETRIC_WORDS.read(word))
    return {"Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}


def _holders(name: str, role: str, iam_policy: Document) -> dict[str, Asker]:
    """Give whoever has a permission set, and who could be taken for him."""
    place, _, _ = role.rpartition("AWSReservedSSO_")
    holder, _, _ = role.rpartition("_")
    askers = {
        f"{name} assigned anew": f"{holder}_fedcba9876543210",
        f"{name} from us-east-1": role.replace("/eu-west-1/", "/"),
        f"{name} of a set with a longer name": f"{holder}_Other_0123456789abcdef",
        f"{name} of a longer set of us-east-1": f"{holder}_Other_0123456789abcdef".replace("/eu-west-1/", "/"),
        f"{name} of a set whose name ends so": role.replace(place, f"{place}AWSReservedSSO_My"),
        f"{name} of a role made by hand": role.replace("aws-reserved/sso.amazonaws.com/eu-west-1/", ""),
    }
    return variants(name, Caller(role, (iam_policy,)), _AS_EVER, ours=False) | {
        each: Asker(Caller(arn, (iam_policy,)), _AS_EVER) for each, arn in askers.items()
    }


def _somebody(name: str, arn: str, ways: Mapping[str, Mapping[str, Any]]) -> dict[str, Asker]:
    return {name: Asker(Caller(arn, (KMS_STAR,)), ways), f"{name} without IAM": Asker(Caller(arn), ways)}


def build(app: cdk.App) -> Built:
    """Define the key."""
    key = EncryptionKey(
        cdk.Stack(app, "Orders"),
        "Key",
        services=[],
        naming=Naming.BY_NAME,
        administrators=[permission_set("KeyAdmins", account=ACCOUNT)],
        decrypters=[organizational_unit(UNIT), permission_set("Readers", account=MEMBER)],
        encrypters=[iam.OrganizationPrincipal(ORGANIZATION), iam.ArnPrincipal(FAR)],
        auditors=[iam.AccountPrincipal(PARTNER)],
    )
    others = {
        **_holders("key admin", _set_role("KeyAdmins"), _in_iam("inspect", "change")),
        **_holders("reader abroad", _set_role("Readers", account=MEMBER), _in_iam("decrypt")),
        **_somebody("member", f"arn:aws:iam::{MEMBER}:role/Member", _WAYS),
        **_somebody("colleague", f"arn:aws:iam::{ACCOUNT}:role/Colleague", _WAYS),
        "stranger among the colleagues": Asker(Caller(f"arn:aws:iam::{ACCOUNT}:role/Stranger"), _WAYS),
        **variants("far", Caller(FAR, (_in_iam("encrypt"),)), _AS_EVER, ours=False),
        **_somebody("partner", f"arn:aws:iam::{PARTNER}:role/Anybody", _AS_EVER),
    }
    return Built(place_of(key), others=others, creating=())


SHARED = Scene(
    "shared with a company",
    build,
    read_table(
        WHEN_IAM_ADMINISTERS
        + """
    deployer, deployer with kms:*, deployer re-created | *                                   | inspect, change          | IAM administers

    key admin, key admin with kms:*, key admin re-created | *                                | inspect, change          | named and in IAM
    key admin assigned anew, key admin from us-east-1  | *                                   | inspect, change          | the same set
    key admin without IAM                              | *                                   | -                        | IAM is silent
    key admin of a *, key admin on another path         | *                                   | inspect, change          | IAM administers

    reader abroad, reader abroad with kms:*, reader abroad re-created | *                    | decrypt                  | named and in IAM
    reader abroad assigned anew, reader abroad from us-east-1 | *                            | decrypt                  | the same set
    reader abroad without IAM                          | *                                   | -                        | IAM is silent
    reader abroad of a *, reader abroad on another path | *                                  | -                        | another name
    reader abroad's namesake at home                   | *                                   | inspect, change          | IAM administers

    member                                             | from the unit, from below the unit  | decrypt, encrypt         | in the unit and in IAM
    member                                             | from a unit*, from beside*, from above* | encrypt              | in the organization and in IAM
    member                                             | from another*, from no*             | -                        | another organization
    member without IAM                                 | *                                   | -                        | IAM is silent
    colleague                                          | from the unit, from below the unit  | decrypt, encrypt, inspect, change | in the unit and in IAM
    colleague                                          | from a unit*, from beside*, from above* | encrypt, inspect, change | in the organization and in IAM
    colleague                                          | from another*, from no*             | inspect, change          | IAM administers
    colleague without IAM, stranger among the colleagues | *                                 | -                        | IAM is silent

    far, far with kms:*, far re-created                | *                                   | encrypt                  | named and in IAM
    far without IAM                                    | *                                   | -                        | IAM is silent
    far on another path                                | *                                   | -                        | another name
    far's namesake at home                             | *                                   | inspect, change          | IAM administers
    partner                                            | *                                   | inspect                  | the account is named, and its IAM decides
    partner without IAM                                | *                                   | -                        | IAM is silent
"""
    ),
    executed=("key admin*", "account administrator"),
)
