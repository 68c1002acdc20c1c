"""SecretVersions: one secret in Secrets Manager; every call that is made of it."""

from collections.abc import Mapping
from typing import Any, Protocol

from secret_rotation.aws_answers import EXISTS, LABEL_ELSEWHERE, NOT_FOUND, answer, answer_or_code
from secret_rotation.environment import WITH_PUNCTUATION, Generator
from secret_rotation.errors import SecretUnusable
from secret_rotation.labels import PENDING, Labels
from secret_rotation.secret_value import SecretValue


class SecretsManager(Protocol):
    """A client of Secrets Manager."""

    def describe_secret(self, *, SecretId: str) -> Mapping[str, Any]:  # noqa: N803  # AWS's words, here and below
        """Say which version has which label."""
        ...

    def get_secret_value(self, **request: str) -> Mapping[str, Any]:
        """Give the value of a version."""
        ...

    def put_secret_value(self, **request: Any) -> Mapping[str, Any]:  # noqa: ANN401  # as botocore's clients take it
        """Give a version its value."""
        ...

    def update_secret_version_stage(self, **request: str) -> Mapping[str, Any]:
        """Move a label."""
        ...

    def get_random_password(self, **request: Any) -> Mapping[str, Any]:  # noqa: ANN401
        """Draw a password."""
        ...


class SecretVersions:
    """The versions of one secret. Every call raises a kind of `RotationError`, with nothing chained to it."""

    def __init__(self, client: SecretsManager, secret_arn: str) -> None:
        """Name the secret.

        Args:
            client: Who speaks to Secrets Manager.
            secret_arn: The secret.
        """
        self._client = client
        self._arn = secret_arn

    def labels(self) -> Labels:
        """Ask which version has which label now.

        Returns:
            The labels.
        """
        return Labels.of(answer("DescribeSecret", lambda: self._client.describe_secret(SecretId=self._arn)))

    def value_of(self, version: str) -> SecretValue | None:
        """Read a version.

        Args:
            version: Its id.

        Returns:
            Its value; None if it has none, as the version that `RotateSecret` makes.

        Raises:
            SecretUnusable: If it holds bytes.
        """
        return self._read(VersionId=version)

    def text_of(self, version: str) -> SecretValue | None:
        """Read a version that may hold bytes, which no step can do anything with.

        Args:
            version: Its id.

        Returns:
            Its value; None if it has none, or holds bytes.
        """
        found = self._found(VersionId=version)
        return None if found is None or "SecretString" not in found else SecretValue(found["SecretString"])

    def current_value(self) -> SecretValue | None:
        """Read the current version, whichever that is.

        Returns:
            Its value; None if there is none.

        Raises:
            SecretUnusable: If it holds bytes.
        """
        return self._read()

    def put_pending(self, token: str, value: SecretValue, *, rotation_token: str | None) -> bool:
        """Give the pending version its value, unless it has got one meanwhile: the first one stays.

        Args:
            token: Its id.
            value: The value.
            rotation_token: What Secrets Manager sent with the event.

        Returns:
            False if it has another value.
        """
        proof = {} if rotation_token is None else {"RotationToken": rotation_token}
        put = answer_or_code(
            "PutSecretValue",
            lambda: self._client.put_secret_value(
                SecretId=self._arn,
                ClientRequestToken=token,
                SecretString=value.text,
                VersionStages=[PENDING],
                **proof,
            ),
            told=EXISTS,
        )
        return put is not None

    def move_label(self, label: str, *, to: str | None, taken_from: str | None) -> bool:
        """Move a label, if it is still where it was seen.

        Args:
            label: The label.
            to: The version that gets it; None if none does.
            taken_from: The version that had it; None if none did.

        Returns:
            False if it was somewhere else meanwhile.
        """
        versions = {"MoveToVersionId": to, "RemoveFromVersionId": taken_from}
        named = {name: version for name, version in versions.items() if version is not None}
        moved = answer_or_code(
            "UpdateSecretVersionStage",
            lambda: self._client.update_secret_version_stage(SecretId=self._arn, VersionStage=label, **named),
            told=LABEL_ELSEWHERE,
        )
        return moved is not None

    def draw(self, generator: Generator) -> SecretValue:
        """Draw a password.

        Args:
            generator: How.

        Returns:
            The password.
        """
        without = {"ExcludeCharacters": generator.without} if generator.without else {}
        drawn = answer(
            "GetRandomPassword",
            lambda: self._client.get_random_password(
                PasswordLength=generator.length,
                ExcludePunctuation=generator.characters != WITH_PUNCTUATION,
                IncludeSpace=False,
                RequireEachIncludedType=True,
                **without,
            ),
        )
        return SecretValue(drawn["RandomPassword"])

    def _found(self, **version: str) -> Mapping[str, Any] | None:
        return answer_or_code(
            "GetSecretValue",
            lambda: self._client.get_secret_value(SecretId=self._arn, **version),
            told=NOT_FOUND,
        )

    def _read(self, **version: str) -> SecretValue | None:
        found = self._found(**version)
        if found is None:
            return None
        if "SecretString" not in found:
            raise SecretUnusable("secret must hold a text, got bytes (SecretBinary)")
        return SecretValue(found["SecretString"])
