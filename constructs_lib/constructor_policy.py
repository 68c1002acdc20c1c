"""The key policy as the constructor of a key says it: its people, how it is administered, and its guards."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from constructs_lib.key_policy import KeyPolicy
from constructs_lib.naming.deployment_role import deployment_role
from constructs_lib.principals import Person

if TYPE_CHECKING:
    import aws_cdk as cdk

    from constructs_lib.key_kind import KeyKind
    from constructs_lib.key_settings import ReadSettings
    from constructs_lib.naming.people import Read
    from constructs_lib.naming.token_text import TokenText


def constructor_policy(
    stack: "cdk.Stack",
    text: "TokenText",
    *,
    kind: "KeyKind",
    persons: "Mapping[str, Read]",
    read: "ReadSettings",
    services: Sequence[str] | None,
) -> KeyPolicy:
    """Return the policy of a key about which nothing was granted yet.

    Args:
        stack: Where the key is.
        text: Names for the tokens of its stack.
        kind: What the key can do.
        persons: Argument of the constructor to people.
        read: What every kind of key may be told.
        services: AWS services through which deployers may use the key; None for all of the Region.
    """
    named = {
        argument: [Person(caller, grantee.conditions) for _, grantee in pairs for caller in grantee.callers]
        for argument, pairs in persons.items()
    }
    deployers = [person.principal for person in named.pop("deployers")]
    return KeyPolicy(
        kind=kind,
        account=text.text(f"arn:{stack.partition}:iam::{stack.account}:root"),
        region=text.text(stack.region),
        administration=read.administration,
        people=named,
        deployers=deployers or [deployment_role(stack, text)],
        services=services,
    )
