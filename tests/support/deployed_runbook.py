"""A runbook followed on an embedded AWS: each block by the person whom it names, after those whom it refuses tried."""

import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from constructs_lib.actions import INSPECT
from tests.support.aws_command import AwsCommand
from tests.support.operator_commands import OperatorCommands
from tests.support.runbook_page import Step, steps
from tests.support.stack_operation import error_code

if TYPE_CHECKING:
    from local_aws import LocalAws

REFUSED = frozenset(("AccessDenied", "AccessDeniedException", "AuthorizationError"))


class DeployedRunbook:
    """People, a page, and an AWS on which they do what it says."""

    def __init__(
        self,
        aws: "LocalAws",
        page: str,
        folder: Path,
        *,
        people: Mapping[str, str],
        not_here: Mapping[tuple[str, str], str],
    ) -> None:
        """Begin.

        Args:
            aws: An embedded AWS in which the roles of the people exist.
            page: The runbook.
            folder: Where its files are written.
            people: The role of each person, by the words of the page.
            not_here: What the embedded AWS cannot do, and why; only looked at.
        """
        self._aws, self._folder, self._not_here = aws, folder, not_here
        self.people = people
        self.steps = list(steps(page))
        since = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.variables: dict[str, str] = {"SINCE": since}
        self.found: dict[str, str] = {}
        self.done: list[tuple[str, AwsCommand]] = []
        self._credentials = functools.cache(self._assume)
        self.client = functools.cache(self._client)

    def walk(self, section: str, **variables: str) -> Iterator[list[str]]:
        """Follow a section, block after block, and give what each block of commands prints.

        Args:
            section: Its heading.
            variables: What is known of the case.

        Raises:
            AssertionError: If somebody is not refused who should be.
        """
        found = [step for step in self.steps if step.section == section]
        assert found, f"no section {section!r}"
        self.found = {**self.variables, **variables}
        for step in found:
            operator = OperatorCommands(None, self._folder, clients=self._clients_of(step.person), **self.found)
            operator.before_each = functools.partial(self._before, step)
            printed = list(operator.run(step.language, step.text))
            self.found |= operator.variables
            if step.language == "sh":
                yield printed

    def follow(self, section: str, **variables: str) -> list[str]:
        """Follow a section to its end and give everything that it prints."""
        return [line for printed in self.walk(section, **variables) for line in printed]

    def written(self, name: str) -> Any:
        """Read a file that a step wrote."""
        return json.loads((self._folder / name).read_text())

    def _before(self, step: Step, command: AwsCommand) -> bool:
        self.done.append((step.person, command))
        if (command.service, command.name) in self._not_here:
            return False
        for other in (*step.refused, step.looks):
            code = _refusal(self._clients_of(other)(command.service, command.region), command) if other else ""
            allowed = not other or (other == step.looks and _only_looks(command))
            assert (code == "") if allowed else code in REFUSED, f"{other}: {command.name}: {code or 'allowed'}"
        return True

    def _clients_of(self, person: str) -> Callable[[str, str], Any]:
        return lambda service, region: self.client(person, service, region)

    def _client(self, person: str, service: str, region: str = "") -> Any:
        # Not in a session of its own, which takes longer to make than the client.
        session: Any = self._aws.session()
        return session.client(service, region_name=region or self._aws.region, **self._credentials(person))

    def _assume(self, person: str) -> Mapping[str, str | None]:
        assumed = self._aws.assume(self.people[person], session_name=person.replace(" ", "-"))
        return {
            "aws_access_key_id": assumed.access_key_id,
            "aws_secret_access_key": assumed.secret_access_key,
            "aws_session_token": assumed.session_token,
        }

    def log_in_again(self, person: str) -> None:
        """Give a person new credentials from now on."""
        self._credentials.cache_clear()
        self.client.cache_clear()
        self._credentials(person)


def _only_looks(command: AwsCommand) -> bool:
    return command.service == "kms" and f"kms:{command.operation}" in INSPECT


def _refusal(client: Any, command: AwsCommand) -> str:
    try:
        getattr(client, command.method)(**command.parameters)
    except ClientError as error:
        return error_code(error)
    return ""


def sections_with_commands(page: str) -> Sequence[str]:
    """Name the sections in which there is something to do, in their order."""
    return list(dict.fromkeys(step.section for step in steps(page) if step.language == "sh"))
