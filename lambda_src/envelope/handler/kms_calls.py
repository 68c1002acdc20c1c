"""How often KMS was asked, for the log, and how often it may be asked for the records of an invocation."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from envelope.handler.kms_ration import KmsRation
from envelope.keys.kms_clients import KmsClient, MakeClient


class KmsCalls:
    """Makes KMS clients and counts what is called on them; attempts of a client to repeat a call are not counted.

    It is for one thread: Lambda gives a process one invocation at a time.

    Attributes:
        count: Calls so far.
    """

    def __init__(self, make: MakeClient) -> None:
        """Count from zero.

        Args:
            make: Makes a KMS client for a Region.
        """
        self._make = make
        self.count = 0
        self._ration: KmsRation | None = None

    def __call__(self, region: str) -> KmsClient:
        """Make a client.

        Args:
            region: The Region.

        Returns:
            A client whose calls are counted.
        """
        return _Counted(self._make(region), self)

    @contextmanager
    def rationed(self, seconds_left: Callable[[], float]) -> Iterator[None]:
        """Limit what is called in this block, as `KmsRation` says.

        Args:
            seconds_left: Seconds until Lambda stops the function.

        Yields:
            Nothing.
        """
        self._ration = KmsRation(seconds_left)
        try:
            yield
        finally:
            self._ration = None

    def made(self, call: Callable[..., Mapping[str, Any]], parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make a call, and count it.

        Args:
            call: An operation of a client.
            parameters: What it is given.

        Returns:
            The answer.

        Raises:
            NotReached: If there is a limit, and it is reached.
        """

        def counted() -> Mapping[str, Any]:
            self.count += 1
            return call(**parameters)

        return counted() if self._ration is None else self._ration.ask(parameters["KeyId"], counted)


class _Counted:
    def __init__(self, client: KmsClient, calls: KmsCalls) -> None:
        self._client = client
        self._calls = calls

    def generate_data_key(self, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401  # passed on as they came
        return self._calls.made(self._client.generate_data_key, parameters)

    def encrypt(self, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401
        return self._calls.made(self._client.encrypt, parameters)

    def decrypt(self, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401
        return self._calls.made(self._client.decrypt, parameters)
