"""The key policy as the constructor of a key says it: its people, how it is administered, and its guards."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from constructs_lib.guard_statements import guard_statements
from constructs_lib.guards import people_in
from constructs_lib.key_policy import KeyPolicy
from constructs_lib.naming.deployment_role import deployment_role
from constructs_lib.naming.own_account import own_account
from constructs_lib.naming.own_names import OwnNames
from constructs_lib.naming.people import Read, read_people
from constructs_lib.naming.stack_facts import StackFacts

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

    from constructs_lib.key_kind import KeyKind
    from constructs_lib.key_settings import ReadSettings
    from constructs_lib.naming.grantees import Grantees
    from constructs_lib.principals import Person


def constructor_policy(
    grantees: "Grantees",
    *,
    kind: "KeyKind",
    people: "Mapping[str, Sequence[iam.IGrantable]]",
    read: "ReadSettings",
    services: Sequence[str] | None,
) -> tuple[KeyPolicy, Mapping[str, Read]]:
    """Return the policy of a key about which nothing was granted yet, and how it names its people.

    Args:
        grantees: Reads principals for the key.
        kind: What the key can do.
        people: The people of its kind: argument to principals.
        read: What every kind of key may be told.
        services: AWS services through which deployers may use the key; None for all of the Region.

    Raises:
        ConfigurationError: If KMS cannot name somebody, or what is said of people and guards contradicts itself.
    """
    facts = StackFacts.of(grantees.key)
    persons = read_people(grantees, {**people, **read.people})
    named = {argument: _persons(pairs) for argument, pairs in persons.items()}
    deployers = [person.principal for person in named.pop("deployers")] or [deployment_role(facts.stack, facts.text)]
    by_guards = cast("Sequence[iam.IGrantable]", people_in(read.guards))  # which cannot know the CDK
    spared = _persons(read_people(grantees, {"guards": by_guards})["guards"]) if by_guards else []
    policy = KeyPolicy(
        kind=kind,
        account=own_account(facts.stack, facts.text),
        region=facts.text.text(facts.region),
        administration=read.administration,
        people=named,
        deployers=deployers,
        services=services,
        known_as=OwnNames.of(facts.stack, facts.text).arn,
        guards=guard_statements(read.guards, kind=kind, people=spared, deployers=deployers) if read.guards else (),
    )
    return policy, persons


def _persons(pairs: Read) -> "list[Person]":
    return [person for _, grantee in pairs for person in grantee.people]
