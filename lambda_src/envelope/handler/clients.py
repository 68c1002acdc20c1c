"""The AWS clients of this process: each is made when it is first needed, and once."""

import logging
from collections.abc import Callable
from typing import Any, Protocol

import botocore.session

from envelope.keys.kms_clients import KmsClient
from envelope.keys.kms_retries import RetryWindow, kms_config
from envelope.objects.s3_retries import S3RetryWindow, s3_config
from envelope.records.sink_retries import SinkRetryWindow, sink_config


class Clients(Protocol):
    """Who speaks to AWS."""

    def kms(self, region: str) -> KmsClient:
        """Give the KMS client of a Region."""
        ...

    def s3(self) -> Any:  # noqa: ANN401  # botocore makes its clients' classes when it runs
        """Give the S3 client of the function's Region."""
        ...

    def sqs(self) -> Any:  # noqa: ANN401
        """Give the SQS client of the function's Region."""
        ...

    def kinesis(self, region: str) -> Any:  # noqa: ANN401
        """Give the Kinesis client of a Region."""
        ...


class AwsClients:
    """Clients of AWS itself, made from botocore: boto3 adds nothing to a client but the time to load it."""

    def __init__(self, seconds_left: Callable[[], float]) -> None:
        """Make a session; no client yet.

        Args:
            seconds_left: How much time the invocation has left, within which services are asked again.
        """
        # At the level DEBUG botocore logs the bodies of requests and responses, which are data keys and plaintext,
        # and s3transfer the metadata of objects. This level holds even where somebody sets the function's log level
        # to DEBUG.
        for library in ("botocore", "s3transfer"):
            logging.getLogger(library).setLevel(logging.WARNING)
        self._session = botocore.session.get_session()
        self._retries = RetryWindow(seconds_left)
        self._s3_retries = S3RetryWindow(seconds_left)
        self._sink_retries = SinkRetryWindow(seconds_left)
        self._made: dict[tuple[str, str | None], Any] = {}

    def kms(self, region: str) -> KmsClient:
        """Give the KMS client of a Region, which is that of a key and maybe not that of the function.

        Args:
            region: The Region.

        Returns:
            The client.
        """
        if ("kms", region) not in self._made:
            made = self._session.create_client("kms", region_name=region, config=kms_config())
            self._retries.watch(made)
            self._made["kms", region] = made
        client: KmsClient = self._made["kms", region]
        return client

    def s3(self) -> Any:  # noqa: ANN401
        """Give the S3 client of the function's Region.

        Returns:
            The client.
        """
        if ("s3", None) not in self._made:
            made = self._session.create_client("s3", config=s3_config())
            self._s3_retries.watch(made)
            self._made["s3", None] = made
        return self._made["s3", None]

    def sqs(self) -> Any:  # noqa: ANN401
        """Give the SQS client of the function's Region.

        Returns:
            The client.
        """
        return self._sink("sqs")

    def kinesis(self, region: str) -> Any:  # noqa: ANN401
        """Give the Kinesis client of a Region.

        Args:
            region: The Region.

        Returns:
            The client.
        """
        return self._sink("kinesis", region)

    def _sink(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401
        if (service, region) not in self._made:
            made = self._session.create_client(service, region_name=region, config=sink_config())
            self._sink_retries.watch(made)
            self._made[service, region] = made
        return self._made[service, region]
