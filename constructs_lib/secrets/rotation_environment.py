"""What the handler of the package `secret_rotation` reads from its environment: names that both sides must know."""

from typing import TYPE_CHECKING

from constructs_lib.secrets.generated import Generated

if TYPE_CHECKING:
    from constructs_lib.secrets.secret_content import Content
    from constructs_lib.secrets.service_step import ServiceStep

_PASSWORD_LENGTH, _CHARACTERS, _EXCLUDE_CHARACTERS = "PASSWORD_LENGTH", "CHARACTERS", "EXCLUDE_CHARACTERS"
_GENERATED_FIELD, _SERVICE_STEP = "GENERATED_FIELD", "SERVICE_STEP"
_SUPERUSER_SECRET_ARN = "SUPERUSER_SECRET_ARN"  # noqa: S105  # the name of a variable


def drawn_as(content: "Content") -> dict[str, str]:
    """Return how a new value is drawn, or nothing where the service makes it.

    Args:
        content: What the secret holds.
    """
    if not isinstance(content, Generated):
        return {}
    variables = {_PASSWORD_LENGTH: str(content.length), _CHARACTERS: content.characters.value}
    if content.without:
        variables[_EXCLUDE_CHARACTERS] = content.without
    if content.generated_field is not None:
        variables[_GENERATED_FIELD] = content.generated_field
    return variables


def talks_through(step: "ServiceStep | None") -> dict[str, str]:
    """Return the class that talks to the service.

    Args:
        step: Where it is, if the service must be told.
    """
    return {_SERVICE_STEP: step.entry} if step else {}


def changed_by(superuser_secret_arn: str) -> dict[str, str]:
    """Return whose credentials change the users that take turns.

    Args:
        superuser_secret_arn: The secret of the superuser.
    """
    return {_SUPERUSER_SECRET_ARN: superuser_secret_arn}
