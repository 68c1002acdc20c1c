"""Secrets Manager in memory: versions and their labels as the API reference describes them, and RotateSecret."""

import string
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.support.fake_kms import client_error

SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/token-a1B2c3"
SUPERUSER_ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/superuser-d4E5f6"
FIRST_VERSION, VERSION_BEFORE = "first-version".ljust(32, "-"), "version-before".ljust(32, "-")
_VERSIONS_KEPT = 100
_LABELS_OF_A_SECRET = 20

Watch = Callable[[str, str], None]
"""Told of each call: its operation, and `before` or `after`. It may raise, and the caller is dead then."""


def token_of(number: int) -> str:
    """The ClientRequestToken of a rotation."""
    return f"{number:08d}-0000-4000-8000-000000000000"


@dataclass
class FakeVersion:
    """A version; a value of None is what RotateSecret makes."""

    value: str | bytes | None = None
    labels: set[str] = field(default_factory=set)


@dataclass
class FakeSecret:
    """A secret."""

    versions: dict[str, FakeVersion] = field(default_factory=dict)
    rotation_enabled: bool | None = None
    deleted: datetime | None = None
    primary_region: str | None = None
    rotation_token: str | None = None

    def version_of(self, label: str) -> str | None:
        """The version with a label."""
        return next((name for name, version in self.versions.items() if label in version.labels), None)

    def value_at(self, label: str) -> str | bytes | None:
        """The value with a label."""
        version = self.version_of(label)
        return None if version is None else self.versions[version].value

    def forget_unlabelled(self) -> None:
        """Delete every version without a label, as Secrets Manager may do at any time."""
        self.versions = {name: version for name, version in self.versions.items() if version.labels}

    def attach(self, label: str, version: str) -> None:
        """Move a label, and with AWSCURRENT also AWSPREVIOUS."""
        before = self.version_of(label)
        if before == version:
            return
        if before is not None:
            self.versions[before].labels.remove(label)
        self.versions[version].labels.add(label)
        if label == "AWSCURRENT" and before is not None:
            self.attach("AWSPREVIOUS", before)


class FakeSecretsManager:
    """A client with the methods of botocore's, over secrets in memory."""

    def __init__(self, secrets: dict[str, FakeSecret], *, watch: Watch = lambda *_: None) -> None:
        """Keep secrets by ARN."""
        self.secrets, self.watch = secrets, watch
        self.calls: list[str] = []
        self.requests: list[dict[str, Any]] = []
        self.drawn: list[str] = []
        self.refusals: dict[str, list[str]] = {}

    def describe_secret(self, **request: str) -> dict[str, Any]:
        """DescribeSecret."""
        return self._call("DescribeSecret", request, self._described)

    def get_secret_value(self, **request: str) -> dict[str, Any]:
        """GetSecretValue."""
        return self._call("GetSecretValue", request, lambda secret: self._value(secret, request))

    def put_secret_value(self, **request: Any) -> dict[str, Any]:
        """PutSecretValue."""
        return self._call("PutSecretValue", request, lambda secret: self._put(secret, **request))

    def update_secret_version_stage(self, **request: str) -> dict[str, Any]:
        """UpdateSecretVersionStage."""
        return self._call("UpdateSecretVersionStage", request, lambda secret: self._move(secret, request))

    def get_random_password(self, **request: Any) -> dict[str, Any]:
        """GetRandomPassword."""
        return self._call("GetRandomPassword", request, lambda _: self._draw(request))

    def rotate_secret(self, arn: str, token: str) -> str:
        """RotateSecret: which rotation begins; the one before if that did not end."""
        secret = self.secrets[arn]
        if secret.deleted is not None or secret.primary_region not in {None, arn.split(":")[3]}:
            raise client_error("InvalidRequestException", operation="RotateSecret", status=400)
        pending = secret.version_of("AWSPENDING")
        secret.rotation_enabled = True
        if pending is not None and pending != secret.version_of("AWSCURRENT"):
            return pending
        secret.versions[token] = FakeVersion()
        secret.attach("AWSPENDING", token)
        return token

    def begin_test(self, arn: str, token: str, *, value: str | None) -> None:
        """RotateSecret without RotateImmediately: a pending version, of which testSecret alone is invoked."""
        secret = self.secrets[arn]
        secret.rotation_enabled = True
        secret.versions[token] = FakeVersion(value)
        secret.attach("AWSPENDING", token)

    def end_test(self, arn: str, token: str) -> None:
        """Take the label away that the test needed."""
        self.secrets[arn].versions[token].labels.discard("AWSPENDING")

    def cancel_rotate_secret(self, arn: str) -> None:
        """CancelRotateSecret: labels stay as they are."""
        self.secrets[arn].rotation_enabled = False

    def _call(
        self, operation: str, request: dict[str, Any], answer: Callable[[FakeSecret], dict[str, Any]]
    ) -> dict[str, Any]:
        self.watch(operation, "before")
        self.calls.append(operation)
        self.requests.append(request)
        if self.refusals.get(operation):
            raise client_error(self.refusals[operation].pop(0), operation=operation, status=400)
        known = self.secrets.get(request.get("SecretId", SECRET_ARN))
        if known is None:
            raise client_error("ResourceNotFoundException", operation=operation, status=400)
        if known.deleted is not None and operation != "DescribeSecret":
            raise client_error("InvalidRequestException", operation=operation, status=400)
        answered = answer(known)
        self.watch(operation, "after")
        return answered

    def _described(self, secret: FakeSecret) -> dict[str, Any]:
        said: dict[str, Any] = {
            "VersionIdsToStages": {
                name: sorted(version.labels) for name, version in secret.versions.items() if version.labels
            }
        }
        facts = {
            "RotationEnabled": secret.rotation_enabled,
            "DeletedDate": secret.deleted,
            "PrimaryRegion": secret.primary_region,
        }
        return said | {name: fact for name, fact in facts.items() if fact is not None}

    def _value(self, secret: FakeSecret, request: dict[str, str]) -> dict[str, Any]:
        label = request.get("VersionStage", "AWSCURRENT")
        name = request["VersionId"] if "VersionId" in request else secret.version_of(label)
        version = None if name is None else secret.versions.get(name)
        if version is None or version.value is None or ("VersionStage" in request and label not in version.labels):
            raise client_error("ResourceNotFoundException", operation="GetSecretValue", status=400)
        kind = "SecretBinary" if isinstance(version.value, bytes) else "SecretString"
        return {"VersionId": name, kind: version.value, "VersionStages": sorted(version.labels)}

    def _put(  # the request of AWS
        self,
        secret: FakeSecret,
        *,
        SecretId: str,  # noqa: N803, ARG002  # AWS's words
        ClientRequestToken: str,  # noqa: N803
        SecretString: str,  # noqa: N803
        VersionStages: Iterable[str] = ("AWSCURRENT",),  # noqa: N803
        RotationToken: str | None = None,  # noqa: N803
    ) -> dict[str, Any]:
        if RotationToken != secret.rotation_token:
            raise client_error("AccessDeniedException", operation="PutSecretValue", status=400)
        known = secret.versions.get(ClientRequestToken)
        if known is not None and known.value is not None:
            if known.value != SecretString:
                raise client_error("ResourceExistsException", operation="PutSecretValue", status=400)
            return {"VersionId": ClientRequestToken}
        is_first = all(version.value is None for version in secret.versions.values())
        secret.versions.setdefault(ClientRequestToken, FakeVersion()).value = SecretString
        for label in [*VersionStages, *(["AWSCURRENT"] if is_first else [])]:
            secret.attach(label, ClientRequestToken)
        unlabelled = [name for name, version in secret.versions.items() if not version.labels]
        for name in unlabelled[: max(0, len(secret.versions) - _VERSIONS_KEPT)]:
            del secret.versions[name]
        return {"VersionId": ClientRequestToken}

    def _move(self, secret: FakeSecret, request: dict[str, str]) -> dict[str, Any]:
        label, to, taken_from = (
            request.get(name) for name in ("VersionStage", "MoveToVersionId", "RemoveFromVersionId")
        )
        assert label is not None
        owner = secret.version_of(label)
        if to is not None and to not in secret.versions:
            raise client_error("ResourceNotFoundException", operation="UpdateSecretVersionStage", status=400)
        if taken_from != owner and not (to == owner and taken_from is None):
            raise client_error("InvalidParameterException", operation="UpdateSecretVersionStage", status=400)
        if to is not None:
            secret.attach(label, to)
        elif owner is not None:
            secret.versions[owner].labels.remove(label)
        used = {each for version in secret.versions.values() for each in version.labels}
        assert len(used) <= _LABELS_OF_A_SECRET
        return {}

    def _draw(self, request: dict[str, Any]) -> dict[str, Any]:
        assert request["RequireEachIncludedType"] is True
        left = set(string.ascii_letters + string.digits) - set(request.get("ExcludeCharacters", ""))
        marks = "" if request["ExcludePunctuation"] else "!"
        text = f"Drawn{len(self.drawn) + 1:04d}{marks}"
        padded = text.ljust(request["PasswordLength"], min(left))
        self.drawn.append(padded)
        return {"RandomPassword": padded}


def secret_with(value: str | bytes | None, *, previous: str | None = None) -> FakeSecret:
    """A secret with a current version, and maybe the one before."""
    versions = {} if value is None else {FIRST_VERSION: FakeVersion(value, {"AWSCURRENT"})}
    if previous is not None:
        versions[VERSION_BEFORE] = FakeVersion(previous, {"AWSPREVIOUS"})
    return FakeSecret(versions, rotation_enabled=True)


def deleted_now() -> datetime:
    """When a secret was scheduled for deletion."""
    return datetime(2026, 11, 1, tzinfo=UTC)
