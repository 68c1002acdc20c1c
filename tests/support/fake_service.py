"""A service with users of its own that can be asked who gets in, and steps that talk to it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from secret_rotation.secret_value import SecretValue

SUPERUSER = '{"username": "admin", "password": "superuser-password-0123456789"}'


def credentials_in(value: SecretValue) -> tuple[str, str]:
    """User and password of a JSON object, or of a text, which has one user."""
    if not value.is_object:
        return "", value.text
    return value.fields.get("username", ""), value.fields["password"]


@dataclass
class FakeService:
    """Users and their passwords. `watch` is told of each call, before and after, and may raise."""

    passwords: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    is_down: bool = False
    watch: Callable[[str, str], None] = lambda *_: None
    changes: list[str] = field(default_factory=list)
    banned: set[str] = field(default_factory=set)
    remembers_former: bool = False
    made: int = 0
    superseded: set[str] = field(default_factory=set)
    former: set[tuple[str, str]] = field(default_factory=set)

    def accepts(self, value: SecretValue) -> bool:
        """Say whether somebody gets in with this."""
        user, password = credentials_in(value)
        return self.passwords.get(user) == password or password in self.keys.values()

    def set_password(self, user: str, password: str) -> None:
        """Change a password, if the rules for passwords allow it."""
        if password in self.banned or (self.remembers_former and (user, password) in self.former):
            raise ValueError(f"{password} is against the rules")
        if user in self.passwords:
            self.former.add((user, self.passwords[user]))
        self.passwords[user] = password
        self.changes.append(user)


class PasswordStep:
    """Changes a password: as the user himself, whose password must be right, or as the superuser."""

    def __init__(self, service: FakeService) -> None:
        """Talk to a service."""
        self._service = service

    def apply(self, *, current: SecretValue | None, pending: SecretValue, superuser: SecretValue | None) -> None:
        """Change it."""
        self._service.watch("apply", "before")
        self._reach(pending)
        if not self._service.accepts(pending):
            user, password = credentials_in(pending)
            is_allowed = (
                superuser == SecretValue(SUPERUSER)
                if superuser is not None
                else (self._service.accepts(current) if current is not None else user not in self._service.passwords)
            )
            if not is_allowed:
                raise PermissionError(f"may not change to {pending.text} from {current and current.text}")
            self._service.set_password(user, password)
        self._service.watch("apply", "after")

    def verify(self, value: SecretValue, /) -> None:
        """Log in."""
        self._service.watch("verify", "before")
        self._reach(value)
        if not self._service.accepts(value):
            raise PermissionError(f"nobody gets in with {value.text}")
        self._service.watch("verify", "after")

    def _reach(self, value: SecretValue) -> None:
        if self._service.is_down:
            raise ConnectionError(f"no answer when asked for {value.text}")


class IssuingStep(PasswordStep):
    """Has the service make keys, of which many are valid at once until they are revoked."""

    def apply(self, *, current: SecretValue | None, pending: SecretValue, superuser: SecretValue | None) -> None:
        """Find the key valid, since the service made it."""
        assert superuser is None
        assert current is None or current != pending
        self._service.watch("apply", "before")
        self._reach(pending)
        if not self._service.accepts(pending):
            raise PermissionError(f"{pending.text} is revoked")
        self._service.watch("apply", "after")

    def propose(self, *, current: SecretValue | None, token: str) -> SecretValue:
        """Make a key by the name of the rotation, once."""
        self._service.watch("propose", "before")
        made = self._service.keys.setdefault(token, f"issued-key-of-{token}")
        self._service.watch("propose", "after")
        return SecretValue(made) if current is None or not current.is_object else current.with_fields({"key": made})

    def retire(self, previous: SecretValue, /) -> None:
        """Revoke a key."""
        self._service.watch("retire", "before")
        _, key = credentials_in(previous)
        self._service.keys = {name: made for name, made in self._service.keys.items() if made != key}
        self._service.watch("retire", "after")


class ReissuingStep(IssuingStep):
    """Has the service make another key when it is asked again, which revokes the first one."""

    def propose(self, *, current: SecretValue | None, token: str) -> SecretValue:
        """Make a key by the name of the rotation, the only one of that name."""
        operation = "revoke" if token in self._service.keys else "propose"
        self._service.watch(operation, "before")
        self._service.made += 1
        self._service.superseded.add(self._service.keys.get(token, ""))
        made = self._service.keys[token] = f"issued-key-{self._service.made}-of-{token}"
        self._service.watch(operation, "after")
        return SecretValue(made) if current is None or not current.is_object else current.with_fields({"key": made})
