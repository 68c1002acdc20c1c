"""The secret of a superuser: what is one, and what another one in its place would be seen by."""

from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_secretsmanager as secretsmanager

from constructs_lib.errors import ConfigurationError
from constructs_lib.naming.token_text import reference_in, referenced_in, tokens_in
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from constructs import IConstruct


def check_superuser(superuser: object) -> None:
    """Refuse what is no secret.

    Args:
        superuser: What was given.

    Raises:
        ConfigurationError: If it is none.
    """
    if not hasattr(superuser, "secret_arn") or not hasattr(superuser, "grant_read"):
        raise ConfigurationError(f"superuser must be a secret, such as ManagedSecret(...), got {spoken(superuser)}")


def superuser_identity(superuser: secretsmanager.ISecret) -> list[str | None]:
    """Return what changes when CloudFormation makes another secret in place of this one, beside its ARN in the app.

    That is its logical id and its name: the only property whose change replaces a secret. Where the ARN of a superuser
    is in what CloudFormation draws, another one has it draw again.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html

    Args:
        superuser: Its secret.

    Returns:
        Nothing for an imported one: another one has another ARN in the app.

    Raises:
        ConfigurationError: If nobody sees in the app when another one takes its place.
    """
    arn = superuser.secret_arn
    resource = _behind_attachment(referenced_in(arn))
    if isinstance(resource, secretsmanager.CfnSecret):
        return [cdk.Stack.of(resource).resolve(resource.logical_id), resource.name]
    references = [found for token in tokens_in(arn) if (found := reference_in(token)) is not None]
    if any(not each.display_name.startswith("AWS::") for each in references):
        raise ConfigurationError(
            "superuser must be a secret of this app, or one that is imported by an ARN or a name in the app: another "
            f"one would have CloudFormation draw the value again, got {superuser.node.path} by a reference"
        )
    return []


def _behind_attachment(found: "IConstruct | None") -> "IConstruct | None":
    while isinstance(found, secretsmanager.CfnSecretTargetAttachment):
        found = referenced_in(found.secret_id)
    return found
