"""Equivalence classes of callers: the same for every key, and the variants of each person whom a key names."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.support.action_words import Words
from tests.support.intent import ON_A_KEY_WITHOUT_ALIAS, ON_ANOTHER_KEY, ON_ITS_NAMESAKE, Asker, some_of
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
        ON_A_KEY_WITHOUT_ALIAS: KmsKey(f"arn:aws:kms:{REGION}:{ACCOUNT}:key/nameless", trusting),
        ON_ITS_NAMESAKE: KmsKey(f"arn:aws:kms:{OTHER_REGION}:{ACCOUNT}:key/namesake", trusting, key.aliases),
    }


def everybody_else(
    key: KmsKey, services: Mapping[str, Asker], ways: Mapping[str, Mapping[str, Any]], words: Words
) -> dict[str, Asker]:
    """Return the callers who exist whatever a key says: deployers, administrators, strangers, services, nobody.

    Args:
        key: The key.
        services: Services that the key names. Strangers try what these say in their requests.
        ways: How people ask.
        words: Those of the kind of key.
    """
    sources = dict(SERVICE_WAYS)
    for service in services.values():
        sources |= service.ways
    administer: Document = {"Statement": [{"Effect": "Allow", "Action": list(words.administer), "Resource": key.arn}]}
    all_iam = (ALLOW_EVERYTHING,)
    here = {
        "deployer of another Region": Caller(_role(_deployer(OTHER_REGION)), all_iam),
        "account administrator": Caller(_role("Administrator"), all_iam),
        "key administrator through IAM": Caller(_role("KeyAdministrator"), (administer,)),
        "stranger": Caller(_role("Stranger")),
        "stranger with kms:*": Caller(_role("Curious"), (KMS_STAR,)),
    }
    elsewhere = {
        "deployer of another account's bootstrap": Caller(
            _role(_deployer(account=OTHER_ACCOUNT), OTHER_ACCOUNT), all_iam
        ),
        "stranger of another account": Caller(_role("Stranger", OTHER_ACCOUNT), (KMS_STAR,)),
        "root user": Caller(f"arn:aws:iam::{ACCOUNT}:root"),
        "root user of another account": Caller(f"arn:aws:iam::{OTHER_ACCOUNT}:root"),
        "somebody unsigned": Caller(),
    }
    askers = {name: Asker(caller, ways, deployable=True) for name, caller in here.items()}
    askers |= {name: Asker(caller, ways) for name, caller in elsewhere.items()}
    curious = askers["stranger with kms:*"]
    return {
        **variants("deployer", Caller(_role(_deployer()), all_iam), ways, ours=False),
        **askers,
        "stranger with kms:*": replace(curious, ways={**ways, **sources}, curious=True),
        "service that was not named": Asker(Caller(service="glue.amazonaws.com"), sources),
    }


def variants(
    name: str, person: Caller, ways: Mapping[str, Mapping[str, Any]], *, ours: bool = True
) -> dict[str, Asker]:
    """Return a person and everybody who could be taken for that person.

    Args:
        name: What the tables call the person.
        person: A role or user with its IAM policies.
        ways: How people ask.
        ours: Whether the policies come from templates, so that they are looked at with another key as well.
    """
    here = person.account == ACCOUNT
    elsewhere = OTHER_ACCOUNT if here else ACCOUNT
    root, _, path = person.arn.partition("/")
    fewer = some_of(ways)
    asks_other_keys = dict.fromkeys((ON_ANOTHER_KEY, ON_A_KEY_WITHOUT_ALIAS, ON_ITS_NAMESAKE), list(fewer.values())[-1])
    every, few = ({**ways, **asks_other_keys}, fewer) if ours else (ways, ways)
    deployable = here and ":role/" in person.arn
    return {
        name: Asker(person, every, person=name if ours else "", deployable=deployable),
        f"{name} without IAM": Asker(replace(person, policies=()), few, deployable=deployable),
        f"{name} with kms:*": Asker(replace(person, policies=(KMS_STAR,)), few, deployable=deployable),
        f"{name} re-created": Asker(replace(person, life=2), few),
        f"{name} on another path": Asker(replace(person, arn=f"{root}/moved/{path.rpartition('/')[2]}"), few),
        f"{name}'s namesake {'elsewhere' if here else 'at home'}": Asker(
            Caller(person.arn.replace(person.account, elsewhere), (KMS_STAR,)), few
        ),
    }
