"""What the rotation functions of AWS look for in a secret.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
"""

from typing import TYPE_CHECKING

from constructs_lib.errors import ConfigurationError
from constructs_lib.secrets.dynamic_references import check_demanded
from constructs_lib.secrets.generated import Generated

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager

    from constructs_lib.secrets.database_engine import DatabaseEngine
    from constructs_lib.secrets.secret_content import Content

_ENGINE, _HOST = "engine", "host"
_CREDENTIALS = frozenset({"username", "password"})
_SUPERUSER = "masterarn"


def check_hosted_fields(
    content: "Content", engine: "DatabaseEngine", superuser: "secretsmanager.ISecret | None"
) -> None:
    """Refuse a content of another database, and one without credentials.

    Args:
        content: What the secret holds.
        engine: The database of the rotation.
        superuser: The secret of the superuser, which the function finds by the content; None if it needs none.

    Raises:
        ConfigurationError: If the function would stop at it.
    """
    check_demanded(content, _CREDENTIALS if superuser is None else _CREDENTIALS | {_SUPERUSER})
    said = dict(content.fixed_fields).get(_ENGINE) if isinstance(content, Generated) else None
    if said is not None and said != engine.value:
        raise ConfigurationError(
            f"engine must be that of the content, got DatabaseEngine.{engine.name}, whose function takes "
            f"{engine.value!r}, and {said!r} in the content"
        )


def missing_address(content: "Content") -> list[str]:
    """Return the fields by which the function finds the database, as far as an attachment must write them.

    Args:
        content: What the secret holds.
    """
    known = [name for name, _ in content.fixed_fields] if isinstance(content, Generated) else content.field_names or ()
    return [name for name in (_ENGINE, _HOST) if name not in known]
