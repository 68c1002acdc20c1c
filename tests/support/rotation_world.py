"""A secret, the service that it opens and the rotation function between them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from secret_rotation.environment import Generator
from secret_rotation.guarded_step import GuardedStep
from secret_rotation.handler import Deployment, rotate
from secret_rotation.labels import CURRENT, HANDED_OVER, PENDING, PREVIOUS
from secret_rotation.rotation_plan import RotationPlan
from secret_rotation.secret_value import SecretValue
from secret_rotation.secret_versions import SecretVersions
from tests.support.fake_secrets_manager import SECRET_ARN, SUPERUSER_ARN, FakeSecretsManager, Watch, secret_with
from tests.support.fake_service import SUPERUSER, FakeService, IssuingStep, PasswordStep, ReissuingStep

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
DRAWN = Generator(length=24, characters="LETTERS_AND_DIGITS", without="")


class Kind(Enum):
    """Who knows the secret besides its readers."""

    GENERIC = "nobody"
    SINGLE = "a service with one user"
    ISSUED = "a service that makes keys"
    REISSUED = "a service that makes another key when it is asked again"
    ALTERNATING = "a service with two users"


FIRST = {
    Kind.GENERIC: "first-value-0123456789",
    Kind.SINGLE: '{"username": "shop", "password": "first-password-0123456789", "host": "db"}',
    Kind.ISSUED: "first-key-0123456789",
    Kind.REISSUED: "first-key-0123456789",
    Kind.ALTERNATING: '{"username": "shop", "password": "first-password-0123456789", "host": "db"}',
}


class Killed(BaseException):
    """What the function meets that is killed: whatever it catches, no call of it gets through any more."""


@dataclass
class World:
    """All of it, with the first value in force."""

    kind: Kind
    aws: FakeSecretsManager = field(init=False)
    service: FakeService = field(default_factory=FakeService)
    deployment: Deployment = field(init=False)
    is_dead: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Make the secret, and let the service accept it."""
        secrets = {SECRET_ARN: secret_with(FIRST[self.kind]), SUPERUSER_ARN: secret_with(SUPERUSER)}
        self.aws = FakeSecretsManager(secrets)
        step: PasswordStep | None = None
        if self.kind in {Kind.SINGLE, Kind.ALTERNATING}:
            self.service.passwords["shop"] = "first-password-0123456789"
            step = PasswordStep(self.service)
        if self.kind in {Kind.ISSUED, Kind.REISSUED}:
            self.service.keys["first"] = FIRST[self.kind]
            step = (IssuingStep if self.kind is Kind.ISSUED else ReissuingStep)(self.service)
        if self.kind is Kind.ALTERNATING:
            self.service.passwords["admin"] = "superuser-password-0123456789"
        plan = RotationPlan(
            generator=DRAWN,
            generated_field="password" if self.kind in {Kind.SINGLE, Kind.ALTERNATING} else None,
            step=None if step is None else GuardedStep(step),
            superuser=SecretVersions(self.aws, SUPERUSER_ARN) if self.kind is Kind.ALTERNATING else None,
        )
        self.deployment = Deployment(plan, self.aws, clock=lambda: 0.0)
        self.secret = self.aws.secrets[SECRET_ARN]

    def event(self, step: str, token: str) -> dict[str, Any]:
        """What Secrets Manager sends."""
        return {"Step": step, "SecretId": SECRET_ARN, "ClientRequestToken": token}

    def invoke(self, step: str, token: str) -> None:
        """Invoke the function, in a process that lives until it is killed."""
        self.is_dead = False
        try:
            rotate(self.event(step, token), None, deployment=self.deployment)
        finally:
            if self.is_dead:
                raise Killed

    def watch(self, act: Watch) -> None:
        """Have every call watched, before and after it. Whoever is killed there makes no other call."""

        def watched(operation: str, when: str) -> None:
            if self.is_dead:
                raise Killed
            try:
                act(operation, when)
            except Killed:
                self.is_dead = True
                raise

        self.aws.watch = self.service.watch = watched

    def rotate(self, token: str) -> None:
        """Rotate as Secrets Manager does, one step after the other."""
        begun = self.aws.rotate_secret(SECRET_ARN, token)
        for step in STEPS:
            self.invoke(step, begun)

    def works(self, label: str) -> bool:
        """Say whether the service accepts the value with a label. Nobody asks where there is no service."""
        value = self.secret.value_at(label)
        return self.kind is Kind.GENERIC or (isinstance(value, str) and self.service.accepts(SecretValue(value)))

    def labels(self) -> Mapping[str, str]:
        """Which version has which label."""
        found = {name: self.secret.version_of(name) for name in (CURRENT, PENDING, PREVIOUS, HANDED_OVER)}
        return {name: version for name, version in found.items() if version is not None}

    def check_readers(self) -> None:
        """What holds at any moment: readers get a value that works, or the one that works can be found."""
        assert self.secret.value_at(CURRENT), "readers see an empty current version"
        assert self.works(CURRENT) or (self.kind is Kind.SINGLE and self.works(HANDED_OVER)), self.labels()


def once_at(world: World, moment: tuple[str, str], act: Callable[[], object]) -> None:
    """Do something at the first such moment, unwatched."""

    def watch(operation: str, when: str) -> None:
        if (operation, when) == moment:
            world.watch(lambda *_: None)
            act()

    world.watch(watch)
