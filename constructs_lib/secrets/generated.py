"""Generated: a value that Secrets Manager draws by lot."""

import json
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_instance
from constructs_lib.secrets.database_engine import DatabaseEngine
from constructs_lib.secrets.drawn_characters import Characters, check_draw
from constructs_lib.secrets.plain_secrets import check_not_secret
from constructs_lib.secrets.secret_content import Content, check_field_names
from constructs_lib.secrets.superuser import check_superuser, superuser_identity
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_secretsmanager as secretsmanager

_LONGEST_VALUE = 65_536  # bytes. https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
_PASSWORD, _USERNAME = "password", "username"  # names of fields
_SUPERUSER = "masterarn"


@dataclass(frozen=True, kw_only=True)
class Generated(Content):
    """A value that Secrets Manager draws by lot when the secret is created; no template ever holds it.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html

    Attributes:
        length: Characters to draw.
        characters: Of which kinds they are.
        without: Characters that are never drawn.
        generation: Which draw it is. Another number replaces a live value, on purpose; so does the rollback, if that
            deployment fails.
        fixed_fields: Fields beside the drawn one.
        generated_field: The field with the drawn value; None for a text.
        superuser: The secret that the field `masterarn` names, if there is one.
    """

    length: int
    characters: Characters
    without: str
    fixed_fields: tuple[tuple[str, str | int], ...] = field(default=(), repr=False)
    generated_field: str | None = None
    superuser: "secretsmanager.ISecret | None" = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what Secrets Manager cannot draw.

        Raises:
            ConfigurationError: If it cannot, or what it draws could be guessed.
        """
        super().__post_init__()
        check_draw(self.length, self.characters, self.without)

    @property
    def generate_secret_string(self) -> dict[str, Any]:
        """What CloudFormation is told to draw."""
        drawn: dict[str, Any] = {
            "PasswordLength": self.length,
            "ExcludePunctuation": self.characters is Characters.LETTERS_AND_DIGITS,
            "IncludeSpace": False,
            "RequireEachIncludedType": True,
        }
        # CloudFormation draws anew when something here changes; a space is never drawn, so another one changes nothing.
        excluded = self.without + " " * (self.generation - 1)
        if excluded:
            drawn["ExcludeCharacters"] = excluded
        if self.generated_field is not None:
            drawn["SecretStringTemplate"] = json.dumps(dict(self.fixed_fields))
            drawn["GenerateStringKey"] = self.generated_field
        return drawn

    @property
    def pinned(self) -> object:
        """What is drawn, and which superuser it names: CloudFormation draws anew for another one."""
        drawn = self.generate_secret_string
        return drawn if self.superuser is None else [drawn, superuser_identity(self.superuser)]

    @property
    def never_drawn(self) -> str:
        """Every character of punctuation that is not drawn, as rotation functions of AWS are told it."""
        drawn = set("".join(self.characters.kinds))
        return "".join(each for each in string.printable.strip() if each not in drawn or each in self.without)

    @classmethod
    def text(
        cls,
        *,
        length: int = 48,
        characters: Characters = Characters.LETTERS_AND_DIGITS,
        without: str = "",
        generation: int = 1,
    ) -> "Generated":
        """Return a password, an API key or a token, without JSON around it.

        Args:
            length: Characters to draw, at most 4,096. Default: 48.
            characters: Of which kinds they are. Default: letters and digits.
            without: Characters never to draw. Default: none.
            generation: Another number draws anew, and once more if that deployment is rolled back. Default: the first
                draw.

        Raises:
            ConfigurationError: If Secrets Manager cannot draw it, or it could be guessed.

        Examples:
            >>> Generated.text(length=32).generate_secret_string["PasswordLength"]
            32
        """
        return cls(field_names=None, length=length, characters=characters, without=without, generation=generation)

    @classmethod
    def json(
        cls,
        *,
        fields: Mapping[str, str],
        generated_field: str,
        length: int = 48,
        characters: Characters = Characters.LETTERS_AND_DIGITS,
        without: str = "",
        generation: int = 1,
    ) -> "Generated":
        """Return JSON of known fields and a drawn one.

        Args:
            fields: What is not secret, by name: it stands in the template. A name such as `password` is refused, and a
                value that looks like a key.
            generated_field: The field that is drawn.
            length: Characters to draw, at most 4,096. Default: 48.
            characters: Of which kinds they are. Default: letters and digits.
            without: Characters never to draw. Default: none.
            generation: Another number draws anew, and once more if that deployment is rolled back. Default: the first
                draw.

        Raises:
            ConfigurationError: If a field is none, or Secrets Manager cannot draw the value, or it could be guessed.

        Examples:
            >>> Generated.json(fields={"client": "shop"}, generated_field="token").field_names
            ('client', 'token')
        """
        fixed = _fixed(fields)
        check_field_names("generated_field", [generated_field])
        if generated_field in fields:
            raise ConfigurationError(f"generated_field must not be one of fields, got {generated_field!r}")
        return cls(
            field_names=(*fields, generated_field),
            length=length,
            characters=characters,
            without=without,
            generation=generation,
            fixed_fields=fixed,
            generated_field=generated_field,
        )

    @classmethod
    def database(
        cls,
        *,
        engine: DatabaseEngine,
        username: str,
        length: int | None = None,
        characters: Characters = Characters.LETTERS_AND_DIGITS,
        without: str | None = None,
        generation: int = 1,
        dbname: str | None = None,
        host: str | None = None,
        port: int | None = None,
        superuser: "secretsmanager.ISecret | None" = None,
    ) -> "Generated":
        """Return credentials of a database, in the structure that AWS's rotation functions and drivers read.

        https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html

        Args:
            engine: The database.
            username: Its user.
            length: Characters of the password. Default: as many as the engine takes, at most 48.
            characters: Of which kinds they are. Default: letters and digits.
            without: Characters never to draw. Default: those that the engine does not take.
            generation: Another number draws anew, and once more if that deployment is rolled back. Default: the first
                draw.
            dbname: Name of the database. Default: not said, or by `attach`.
            host: Where it answers. Default: not said, or by `attach`.
            port: Where it answers. Default: not said, or by `attach`.
            superuser: The secret of a user who changes the password of this one, as it is for alternating users: its
                ARN is the field `masterarn`. Default: none.

        Raises:
            ConfigurationError: If the engine is unknown, takes no such password, or a field is none.
        """
        check_instance("engine", engine, DatabaseEngine)
        drawn = engine.longest_default if length is None else length
        usual = engine.refused if characters is Characters.WITH_PUNCTUATION else ""
        unwanted = usual if without is None else without
        engine.check(username, drawn, characters, unwanted)
        said = {"engine": engine.value, _USERNAME: username, "dbname": dbname, "host": host}
        fixed: tuple[tuple[str, str | int], ...] = _fixed({
            name: value for name, value in said.items() if value is not None
        })
        fixed = fixed if port is None else (*fixed, ("port", _port(port)))
        if superuser is not None:
            check_superuser(superuser)
            fixed = (*fixed, (_SUPERUSER, superuser.secret_arn))
        return cls(
            field_names=(*(name for name, _ in fixed), _PASSWORD),
            length=drawn,
            characters=characters,
            without=unwanted,
            generation=generation,
            fixed_fields=fixed,
            generated_field=_PASSWORD,
            superuser=superuser,
        )


def _fixed(fields: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    if not isinstance(fields, Mapping):
        raise ConfigurationError(f"fields must map names to texts, got {spoken(fields)}")
    check_field_names("fields", list(fields))
    for name, value in fields.items():
        if not isinstance(value, str) or cdk.Token.is_unresolved(value):
            # A reference would be drawn into the generator, whose change replaces a live value.
            said = "a token" if isinstance(value, str) else f"a {type(value).__name__}"
            raise ConfigurationError(f"{name} must be a text that is known when the app is synthesised, got {said}")
        check_not_secret(name, value)
    if sum(len(name) + len(value) for name, value in fields.items()) > _LONGEST_VALUE:
        raise ConfigurationError(f"fields must be at most {_LONGEST_VALUE:,} bytes in all, got more")
    return tuple(fields.items())


def _port(port: int) -> int:
    if not isinstance(port, int) or isinstance(port, bool) or cdk.Token.is_unresolved(port) or not 0 < port < 1 << 16:
        raise ConfigurationError(f"port must be a number from 1 to 65535, got {spoken(port)}")
    return port
