"""The people of a key's constructor: read from CDK principals, each refusal naming its argument."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.cdk_principals import principal_of

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam

    from constructs_lib.naming.grantees import Grantee, Grantees
    from constructs_lib.principals import Person

_DEPLOYERS = "deployers"
_EVERYBODY = "*"

Read = list[tuple["iam.IGrantable", "Grantee"]]


def read_people(grantees: "Grantees", people: "Mapping[str, Sequence[iam.IGrantable]]") -> dict[str, Read]:
    """Return how the key policy names each kind of person.

    Args:
        grantees: Reads principals for the key.
        people: Argument of the constructor to its principals.

    Raises:
        ConfigurationError: If somebody is no principal, one that KMS cannot name, a service, everybody, a deployer with
            conditions or that is a whole account, or stands twice in one argument.
    """
    read = {
        argument: [_person(grantees, argument, person) for person in _each(argument, persons)]
        for argument, persons in people.items()
    }
    for argument, pairs in read.items():
        _refuse_twice(argument, [person for _, grantee in pairs for person in grantee.people])
    return read


def _refuse_twice(argument: str, persons: "list[Person]") -> None:
    for number, person in enumerate(persons):
        if person in persons[:number]:
            raise ConfigurationError(f"{argument} must name each person once, got {person} twice")


def _each(argument: str, persons: object) -> "Sequence[iam.IGrantable]":
    if isinstance(persons, str) or not isinstance(persons, Sequence):
        raise ConfigurationError(f"{argument} must be a sequence of IAM principals, got {type(persons).__name__}")
    return persons


def _refuse_no_person(argument: str, person: "Person") -> None:
    who = person.principal
    if who.kind == "Service":
        raise ConfigurationError(
            f"{argument} must be people and roles, got the service {who.value}; admit a service to one use of the key "
            "by key.allow(...), or to exact actions by key.grant(...)"
        )
    if who.value == _EVERYBODY and not person.conditions:
        raise ConfigurationError(f"{argument} must name somebody, got everybody, {who.value!r}")
    if argument == _DEPLOYERS and who.is_account and not person.conditions:
        raise ConfigurationError(
            f"{argument} must be roles or users, got the whole account {who.value}, whose every role could then use "
            "the key through AWS services; name the role that deploys"
        )


def _person(grantees: "Grantees", argument: str, person: "iam.IGrantable") -> "tuple[iam.IGrantable, Grantee]":
    read = grantees.read(principal_of(person, argument), argument)
    for each in read.people:
        _refuse_no_person(argument, each)
    conditions = {key for each in read.people for keys in each.conditions.values() for key in keys}
    if conditions and argument == _DEPLOYERS:
        # A condition that does not hold during a deployment would leave a key that nobody can change.
        raise ConfigurationError(
            f"{argument} must be principals without conditions, got conditions on {sorted(conditions)}"
        )
    return person, read
