"""ResourcePolicy: what the policy of one secret says, written anew whenever somebody is named."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.secrets.secret_policy import secret_statements
from constructs_lib.secrets.secret_statement import SecretStatement, render_secret_policy

if TYPE_CHECKING:
    from constructs_lib.secrets.named_people import NamedPeople


class ResourcePolicy:
    """The resource policy of a secret.

    Secrets Manager takes one policy for each secret, and refuses it if it makes the secret public.
    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutResourcePolicy.html

    Attributes:
        resource: Its L1.
    """

    def __init__(self, secret: cdk.Resource, secret_id: str, people: "NamedPeople", removal: cdk.RemovalPolicy) -> None:
        """Write it for whoever is named so far.

        Args:
            secret: The construct that owns it.
            secret_id: The secret.
            people: Who is named.
            removal: Whether it outlives its stack: with the secret, since a kept secret needs its policy most.
        """
        self._people = people
        self._asked: list[SecretStatement] = []
        self.resource = secretsmanager.CfnResourcePolicy(
            secret, "Policy", block_public_policy=True, resource_policy=self._document(), secret_id=secret_id
        )
        self.resource.apply_removal_policy(removal)

    def write(self) -> None:
        """Write it for whoever is named by now."""
        self.resource.resource_policy = self._document()

    def ask(self, statement: SecretStatement) -> None:
        """Add a statement.

        Args:
            statement: Checked.
        """
        if statement not in self._asked:
            self._asked.append(statement)
            self.write()

    def _document(self) -> object:
        asked = sorted(self._asked, key=lambda each: each.sid)
        rendered = render_secret_policy((*secret_statements(self._people.people), *asked))
        return self._people.text.with_tokens(rendered)
