"""Equivalence classes of callers: the same for every key, and the variants of each person whom a key names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from constructs_lib.actions import ADMINISTER
from tests.support.intent import ON_ANOTHER_KEY, ON_ITS_NAMESAKE, WAYS, Asker
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION
from tests.support.policy_judge import ALLOW_EVERYTHING, Caller, Document, KmsKey

KMS_STAR: Document = {"Statement": [{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]}

SERVICE_WAYS: Mapping[str, Mapping[str, Any]] = {
    "for us": {"aws:SourceAccount": ACCOUNT},
    "for another account": {"aws:SourceAccount": OTHER_ACCOUNT},
    "for nobody": {},
}


def _role(name: str, account: str = ACCOUNT) -> str:
    return f"arn:aws:iam::{account}:role/{name}"


def _deployer(region: str = REGION, account: str = ACCOUNT) -> str:
    return f"cdk-hnb659fds-cfn-exec-role-{account}-{region}"


def other_keys(key: KmsKey) -> dict[str, KmsKey]:
    """Return keys that people of this key must have nothing from, though these keys allow whatever IAM allows."""
    accounts = [f"arn:aws:iam::{account}:root" for account in (ACCOUNT, OTHER_ACCOUNT)]
    trusting: Document = {
        "Statement": [{"Effect": "Allow", "Principal": {"AWS": accounts}, "Action": "kms:*", "Resource": "*"}]
    }
    return {
        ON_ANOTHER_KEY: KmsKey(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/another", trusting, ("alias/another",)),
        ON_ITS_NAMESAKE: KmsKey(f"arn:aws:kms:{OTHER_REGION}:{ACCOUNT}:key/namesake", trusting, key.aliases),
    }


def everybody_else(key: KmsKey, services: Mapping[str, Asker]) -> dict[str, Asker]:
    """Return the callers who exist whatever a key says: deployers, administrators, strangers, services, nobody.

    Args:
        key: The key.
        services: Services that the key names. Strangers try what these say in their requests.
    """
    sources = dict(SERVICE_WAYS)
    for service in services.values():
        sources |= service.ways
    administer: Document = {"Statement": [{"Effect": "Allow", "Action": list(ADMINISTER), "Resource": key.arn}]}
    all_iam = (ALLOW_EVERYTHING,)
    return {
        **variants("deployer", Caller(_role(_deployer()), all_iam), ours=False),
        "deployer of another Region": Asker(Caller(_role(_deployer(OTHER_REGION)), all_iam), deployable=True),
        "deployer of another account's bootstrap": Asker(
            Caller(_role(_deployer(account=OTHER_ACCOUNT), OTHER_ACCOUNT), all_iam)
        ),
        "account administrator": Asker(Caller(_role("Administrator"), all_iam), deployable=True),
        "key administrator through IAM": Asker(Caller(_role("KeyAdministrator"), (administer,)), deployable=True),
        "stranger": Asker(Caller(_role("Stranger")), deployable=True),
        "stranger with kms:*": Asker(Caller(_role("Curious"), (KMS_STAR,)), {**WAYS, **sources}, deployable=True),
        "stranger of another account": Asker(Caller(_role("Stranger", OTHER_ACCOUNT), (KMS_STAR,))),
        "root user": Asker(Caller(f"arn:aws:iam::{ACCOUNT}:root")),
        "root user of another account": Asker(Caller(f"arn:aws:iam::{OTHER_ACCOUNT}:root")),
        "somebody unsigned": Asker(Caller()),
        "service that was not named": Asker(Caller(service="glue.amazonaws.com"), sources),
    }


def variants(name: str, person: Caller, *, ours: bool = True) -> dict[str, Asker]:
    """Return a person and everybody who could be taken for that person.

    Args:
        name: What the tables call the person.
        person: A role or user with its IAM policies.
        ours: Whether the policies come from templates, so that they are looked at with another key as well.
    """
    elsewhere = OTHER_ACCOUNT if person.account == ACCOUNT else ACCOUNT
    prefix, _, bare = person.arn.rpartition("/")
    moved = f"{prefix.split('/')[0]}/moved/{bare}"
    here = person.account == ACCOUNT
    ways = {**WAYS, **dict.fromkeys((ON_ANOTHER_KEY, ON_ITS_NAMESAKE), WAYS["creating via lambda"])} if ours else WAYS
    return {
        name: Asker(person, ways, person=name if ours else "", deployable=here),
        f"{name} without IAM": Asker(replace(person, policies=()), deployable=here),
        f"{name} with kms:*": Asker(replace(person, policies=(KMS_STAR,)), deployable=here),
        f"{name} re-created": Asker(replace(person, life=2)),
        f"{name} on another path": Asker(replace(person, arn=moved)),
        f"{name}'s namesake {'elsewhere' if here else 'at home'}": Asker(
            Caller(person.arn.replace(person.account, elsewhere), (KMS_STAR,))
        ),
    }
