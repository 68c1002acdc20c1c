"""Databases whose credentials have a structure of AWS, and what passwords each of them takes."""

from enum import Enum

from constructs_lib.errors import ConfigurationError
from constructs_lib.functions.checked_values import check_instance
from constructs_lib.secrets.drawn_characters import Characters
from constructs_lib.wiring.given_resources import check_text

_USUAL = 48
_PLAIN = "/'\"@ "


class DatabaseEngine(Enum):
    """A database for which AWS has rotation functions, by the word that they read in the field `engine`.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
    """

    POSTGRES = "postgres"
    """RDS and Aurora."""

    MYSQL = "mysql"
    """RDS and Aurora."""

    MARIADB = "mariadb"
    ORACLE = "oracle"
    SQLSERVER = "sqlserver"
    DB2 = "db2"
    """RDS for Db2, where nobody can change his own password: a hosted rotation takes a superuser for one user too."""

    MONGO = "mongo"
    """MongoDB, and Amazon DocumentDB: AWS rotates both with the same function."""

    REDSHIFT = "redshift"

    @property
    def rotation_type(self) -> str:
        """How the type of a hosted rotation begins.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-rotationschedule-hostedrotationlambda.html
        """
        return {
            DatabaseEngine.POSTGRES: "PostgreSQL",
            DatabaseEngine.MYSQL: "MySQL",
            DatabaseEngine.MARIADB: "MariaDB",
            DatabaseEngine.ORACLE: "Oracle",
            DatabaseEngine.SQLSERVER: "SQLServer",
            DatabaseEngine.DB2: "Db2",
            DatabaseEngine.MONGO: "MongoDB",
            DatabaseEngine.REDSHIFT: "Redshift",
        }[self]

    @property
    def longest(self) -> int:
        """How long a password may be: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html.

        Of Amazon DocumentDB and Amazon Redshift: their `CreateDBCluster` and `CreateCluster`.
        """
        known = {
            DatabaseEngine.MYSQL: 41,
            DatabaseEngine.MARIADB: 41,
            DatabaseEngine.ORACLE: 30,
            DatabaseEngine.MONGO: 100,
            DatabaseEngine.REDSHIFT: 64,
            DatabaseEngine.DB2: 255,
        }
        return known.get(self, 128)

    @property
    def longest_default(self) -> int:
        """How long a password is when nothing is said."""
        return min(self.longest, _USUAL)

    @property
    def refused(self) -> str:
        """Characters that a password must not have."""
        further = {DatabaseEngine.ORACLE: "&", DatabaseEngine.REDSHIFT: "\\"}
        return _PLAIN + further.get(self, "")

    def check(self, username: str, length: int, characters: Characters, without: str) -> None:
        """Refuse a password that the database would refuse, and nobody as its user.

        What a user may be called depends on whose he is: the master of an instance has the limits of RDS, all others
        those of the database, and neither is looked at here.

        Args:
            username: Its user.
            length: Characters of the password.
            characters: Of which kinds they are.
            without: Characters that are never drawn.

        Raises:
            ConfigurationError: If it would.
        """
        check_text("username", username)
        check_instance("characters", characters, Characters)
        check_text("without", without)
        if not username:
            raise ConfigurationError("username must be a text, got ''")
        if isinstance(length, int) and length > self.longest:
            raise ConfigurationError(f"length must be at most {self.longest} for {self.value}, got {length}")
        drawn = set("".join(characters.kinds)) - set(without)
        if taken := sorted(drawn & set(self.refused)):
            raise ConfigurationError(
                f"without must hold {''.join(taken)}, which {self.value} does not take, got {without!r}"
            )
