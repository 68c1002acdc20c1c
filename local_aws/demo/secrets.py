"""The secret: who reads it, who does not, and what happens when it is rotated."""

from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from local_aws.demo.people import DENIED

if TYPE_CHECKING:
    from local_aws.demo.deployment import Deployment
    from local_aws.demo.narration import Narration
    from local_aws.demo.news import Inbox
    from local_aws.demo.people import Person

_LONGEST_WAIT_SECONDS = 30.0
_PAUSE_SECONDS = 0.2
_REFUSED = ("account administrator", "custodian", "deployer", "stranger with secretsmanager:*")


def show_secret(deployment: "Deployment", inbox: "Inbox", narration: "Narration") -> None:
    """Show that one role reads the secret and others do not, and that the rotation function makes a new value of it."""
    narration.heading("A secret that nobody sees")
    people, token = deployment.people, deployment.token_arn
    error, first = _read(people["client"], token)
    narration.check(
        f"the client reads its token, of {len(first)} characters", (error, len(first) > 0), ("", True), error
    )
    for name in _REFUSED:
        error, _ = _read(people[name], token)
        narration.check(f"{name} cannot read it", error, DENIED)
    custodian = people["custodian"].session.client("secretsmanager")
    custodian.rotate_secret(SecretId=token)
    second = _another(people["client"], token, first)
    _, previous = _read(people["client"], token, VersionStage="AWSPREVIOUS")
    narration.check(
        "the custodian rotates it unread: in four steps the function makes a new value the current one",
        (second not in {"", first}, previous == first),
        (True, True),
    )
    error = _refusal(people["account administrator"], "delete_secret", SecretId=token)
    narration.check("the account's administrator cannot delete it, whatever IAM says", error, DENIED)
    custodian.delete_secret(SecretId=token, RecoveryWindowInDays=7)
    message = inbox.wait_for(token.rpartition(":")[2].rpartition("-")[0], "delet")
    custodian.restore_secret(SecretId=token)
    narration.check("the custodian schedules its deletion: whoever subscribes is told", bool(message), expected=True)
    for line in message.splitlines():
        narration.say(f"  {line.strip()}")


def _read(person: "Person", secret: str, **which: str) -> tuple[str, str]:
    try:
        answer = person.session.client("secretsmanager").get_secret_value(SecretId=secret, **which)
    except ClientError as error:
        return error.response["Error"]["Code"], ""
    return "", str(answer["SecretString"])


def _refusal(person: "Person", operation: str, **parameters: Any) -> str:  # noqa: ANN401  # as boto3 has them
    try:
        getattr(person.session.client("secretsmanager"), operation)(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def _another(person: "Person", secret: str, first: str) -> str:
    """Return the value that comes after the first one, once it is there."""
    end = monotonic() + _LONGEST_WAIT_SECONDS
    while monotonic() < end:
        _, value = _read(person, secret)
        if value not in {"", first}:
            return value
        sleep(_PAUSE_SECONDS)
    return ""
