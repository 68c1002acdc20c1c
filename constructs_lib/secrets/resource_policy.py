"""ResourcePolicy: what the policy of one secret says, written anew whenever somebody is named."""

from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.naming.stack_facts import StackFacts
from constructs_lib.secrets.locked_out import refuse_lockout
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
        path: The construct path of the secret.
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
        self._facts, self.path, self._secret_id = StackFacts.of(secret), secret.node.path, secret_id
        self._asked: list[SecretStatement] = []
        self._written = self._document()
        self.resource = secretsmanager.CfnResourcePolicy(
            secret, "Policy", block_public_policy=True, resource_policy=self._written, secret_id=secret_id
        )
        self.resource.apply_removal_policy(removal)

    def write(self) -> None:
        """Write it for whoever is named by now."""
        self._written = self._document()
        self.resource.resource_policy = self._written

    def ask(self, statement: SecretStatement) -> None:
        """Add a statement.

        Args:
            statement: Of somebody else.

        Raises:
            ConfigurationError: If it would keep deployers from changing or deleting the secret.
        """
        people = self._people.people
        refuse_lockout(statement, map(str, people.deployers), account=people.account)
        if statement not in self._asked:
            self._asked.append(statement)
            self.write()

    @property
    def template_file(self) -> str:
        """The name of the template file that it stands in."""
        return self._facts.template_file

    def checked(self) -> tuple[str, dict[str, Any]]:
        """Return its logical id and its properties, as the template must write them."""
        place, document, secret_id = self._facts.stack.resolve([self.resource.ref, self._written, self._secret_id])
        properties = {"BlockPublicPolicy": True, "ResourcePolicy": document, "SecretId": secret_id}
        return str(place["Ref"]), properties

    def _document(self) -> object:
        asked = sorted(self._asked, key=lambda each: each.sid)
        rendered = render_secret_policy((*secret_statements(self._people.people), *asked))
        return self._people.text.with_tokens(rendered)
