"""How often KMS was asked, for the log."""

from collections.abc import Mapping
from typing import Any

from envelope.kms_clients import KmsClient, MakeClient


class KmsCalls:
    """Makes KMS clients and counts what is called on them; attempts of a client to repeat a call are not counted.

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

    def __call__(self, region: str) -> KmsClient:
        """Make a client.

        Args:
            region: The Region.

        Returns:
            A client whose calls are counted.
        """
        return _Counted(self._make(region), self)


class _Counted:
    def __init__(self, client: KmsClient, calls: KmsCalls) -> None:
        self._client = client
        self._calls = calls

    def generate_data_key(self, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401  # passed on as they came
        self._calls.count += 1
        return self._client.generate_data_key(**parameters)

    def encrypt(self, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401
        self._calls.count += 1
        return self._client.encrypt(**parameters)

    def decrypt(self, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401
        self._calls.count += 1
        return self._client.decrypt(**parameters)
