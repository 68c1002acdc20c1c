"""Clients of KMS and S3, with the credentials, the Region and the endpoint that boto3 would take as well."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import click

from envelope.errors import KeyAccessDenied

if TYPE_CHECKING:
    import boto3

    from envelope.keys.kms_clients import KmsClient


class AwsClients(Protocol):
    """Who makes clients: boto3, or in tests somebody else."""

    def kms(self, region: str) -> "KmsClient":
        """Make a client of KMS in a Region."""
        ...

    def s3(self) -> Any:  # noqa: ANN401  # boto3 makes its clients' classes when it runs
        """Make a client of S3."""
        ...


MakeClients: TypeAlias = Callable[[str | None, str | None, str | None], AwsClients]
"""From the options `--profile`, `--region` and `--endpoint-url`."""


class BotoClients:
    """Clients of one boto3 session."""

    def __init__(self, profile: str | None, region: str | None, endpoint_url: str | None) -> None:
        """Keep what the command line says; nothing is loaded before the first client.

        Args:
            profile: A section of the AWS configuration. None: as boto3 decides, `AWS_PROFILE` among others.
            region: For S3; a KMS key is used where its ARN says. None: as boto3 decides.
            endpoint_url: Where AWS answers. None: as boto3 decides.
        """
        self._profile = profile
        self._region = region
        self._endpoint_url = endpoint_url

    def kms(self, region: str) -> "KmsClient":
        """Make a client of KMS.

        Args:
            region: The key's.

        Returns:
            The client.
        """
        from envelope.keys.kms_retries import kms_config  # noqa: PLC0415  # `--help` and `inspect` need not wait for botocore

        client: KmsClient = self._client("kms", region, config=kms_config())
        return client

    def s3(self) -> Any:  # noqa: ANN401  # boto3 makes its clients' classes when it runs
        """Make a client of S3.

        Returns:
            The client.
        """
        return self._client("s3", self._region)

    def _client(self, service: str, region: str | None, **settings: object) -> Any:  # noqa: ANN401
        make: Any = self._session.client
        try:
            return make(service, region_name=region, endpoint_url=self._endpoint_url, **settings)
        except ValueError as error:
            raise click.UsageError(str(error)) from error

    @cached_property
    def _session(self) -> "boto3.Session":
        import boto3  # noqa: PLC0415  # as above
        from botocore.exceptions import BotoCoreError, ProfileNotFound  # noqa: PLC0415

        try:
            session = boto3.Session(profile_name=self._profile)
            credentials = session.get_credentials()
            if credentials is not None:
                credentials.get_frozen_credentials()
        except ProfileNotFound as error:
            raise click.UsageError(str(error)) from error
        except BotoCoreError as error:
            # An expired login would otherwise look like a KMS that does not answer.
            raise KeyAccessDenied(f"AWS credentials must be valid, got {type(error).__name__}: {error}") from error
        if credentials is None:
            raise KeyAccessDenied("AWS credentials must be in the environment or the AWS configuration, got none")
        return session
