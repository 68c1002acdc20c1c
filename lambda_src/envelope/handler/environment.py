"""Environment variables, each read in one way and refused in one way."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from envelope.format.context import EncryptionContext
from envelope.format.suites import COMMITTING, COMMITTING_SIGNED, AlgorithmSuite, CommitmentPolicy
from envelope.keys.cache_limits import CacheLimits

_SUITES: Final = {suite.name: suite for suite in (COMMITTING, COMMITTING_SIGNED)}
_QUEUE_URL: Final = re.compile(r"https?://[^/]+/.+")
_STREAM_ARN: Final = re.compile(r"arn:aws[a-z-]*:kinesis:(?P<region>[a-z0-9-]+):[0-9]{12}:stream/[A-Za-z0-9_.-]+")


class Environment:
    """What somebody set when he deployed the function.

    Every refusal is a `ValueError` that names the variable, what is allowed and what came: none of it is secret.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        """Take the variables.

        Args:
            variables: By name.
        """
        self._variables = variables

    def text(self, name: str) -> str | None:
        """Read a variable as it is.

        Args:
            name: Its name.

        Returns:
            The text; None if there is none.
        """
        return self._variables.get(name)

    def strings(self, name: str) -> tuple[str, ...]:
        """Read a list.

        Args:
            name: The variable's name.

        Returns:
            The strings; none at all if there is no such variable.

        Raises:
            ValueError: If it is anything but a JSON list of strings that is not empty.
        """
        found = self._json(name, "a JSON list of strings, not empty")
        if found is None:
            return ()
        if not (isinstance(found, list) and found and all(isinstance(each, str) for each in found)):
            raise ValueError(f"{name} must be a JSON list of strings, not empty, got {found!r}")
        return tuple(found)

    def suite(self, name: str) -> AlgorithmSuite:
        """Read with which suite messages are written.

        Args:
            name: The variable's name.

        Returns:
            The suite. Default: key commitment without signature.

        Raises:
            ValueError: If it is no suite that is written.
        """
        found = self._variables.get(name, COMMITTING.name)
        if found not in _SUITES:
            raise ValueError(f"{name} must be one of {sorted(_SUITES)}, got {found!r}")
        return _SUITES[found]

    def policy(self, name: str) -> CommitmentPolicy:
        """Read which messages are accepted.

        Args:
            name: The variable's name.

        Returns:
            The policy. Default: messages that commit to their key.

        Raises:
            ValueError: If it is no name of a policy.
        """
        found = self._variables.get(name, CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT.name)
        allowed = [policy.name for policy in CommitmentPolicy]
        if found not in allowed:
            raise ValueError(f"{name} must be one of {allowed}, got {found!r}")
        return CommitmentPolicy[found]

    def context(self, name: str) -> EncryptionContext | None:
        """Read an encryption context.

        Args:
            name: The variable's name.

        Returns:
            The context; None if there is no such variable.

        Raises:
            ValueError: If it is anything but a JSON object of strings.
        """
        found = self._json(name, "a JSON object of strings")
        if found is None:
            return None
        if not (isinstance(found, dict) and all(isinstance(value, str) for value in found.values())):
            raise ValueError(f"{name} must be a JSON object of strings, got {found!r}")
        return EncryptionContext.of(found)

    def cache_limits(self, name: str) -> CacheLimits | None:
        """Read how long and how often data keys are used again.

        Args:
            name: The variable's name.

        Returns:
            The limits; None if there is no such variable.

        Raises:
            ValueError: If it is anything but a JSON object with limits that a cache can have.
        """
        allowed = [field.name for field in fields(CacheLimits)]
        found = self._json(name, f"a JSON object with {allowed}")
        if found is None:
            return None
        if not (isinstance(found, dict) and found.keys() <= set(allowed)):
            raise ValueError(f"{name} must be a JSON object with {allowed} and nothing else, got {found!r}")
        return CacheLimits(**found)

    def queue_or_stream(self, name: str) -> str | None:
        """Read where records go.

        Args:
            name: The variable's name.

        Returns:
            The URL of a queue or the ARN of a stream; None if there is no such variable.

        Raises:
            ValueError: If it is neither.
        """
        found = self._variables.get(name)
        if found is not None and not _QUEUE_URL.fullmatch(found) and region_of_stream(found) is None:
            raise ValueError(f"{name} must be the URL of an SQS queue or the ARN of a Kinesis stream, got {found!r}")
        return found

    def _json(self, name: str, allowed: str) -> Any:  # noqa: ANN401  # JSON
        found = self._variables.get(name)
        if found is None:
            return None
        try:
            parsed = json.loads(found)
        except ValueError as error:
            raise ValueError(f"{name} must be {allowed}, got {found!r}") from error
        if parsed is None:
            raise ValueError(f"{name} must be {allowed}, got null")
        return parsed


def region_of_stream(text: str) -> str | None:
    """Say in which Region a stream is.

    Args:
        text: Its ARN.

    Returns:
        The Region; None if it is not the ARN of a stream.

    Examples:
        >>> region_of_stream("arn:aws:kinesis:eu-central-1:111122223333:stream/orders")
        'eu-central-1'
        >>> region_of_stream("https://sqs.eu-central-1.amazonaws.com/111122223333/orders")
    """
    found = _STREAM_ARN.fullmatch(text)
    return None if found is None else found["region"]
