"""boto3 sessions that know the embedded AWS and nothing of the machine's own configuration."""

from pathlib import Path
from typing import Any

import boto3
import botocore.client
import botocore.loaders
import botocore.session

from local_aws.credentials import Credentials

# Reading the description of a service takes longer than calling it; all sessions share what one has read.
_LOADER = botocore.loaders.create_loader()


def make_session(
    credentials: Credentials, *, endpoint_url: str, ca_bundle: Path, region: str, home: Path
) -> boto3.Session:
    """Make an ordinary, typed boto3 session whose clients speak to the embedded AWS as one person.

    Args:
        credentials: Whose access key signs the requests.
        endpoint_url: Where the embedded AWS listens.
        ca_bundle: The certificate authority to trust, alone.
        region: The Region of the clients.
        home: A folder of the embedded AWS's own; the machine's `~/.aws` is not read.
    """
    inner = _Session(endpoint_url, ca_bundle)
    inner.register_component("data_loader", _LOADER)
    inner.set_config_variable("config_file", str(home / ".aws" / "config"))
    inner.set_config_variable("credentials_file", str(home / ".aws" / "credentials"))
    inner.set_config_variable("region", region)
    inner.set_credentials(credentials.access_key_id, credentials.secret_access_key, credentials.session_token)
    return boto3.Session(botocore_session=inner)


class _Session(botocore.session.Session):
    """A botocore session with an endpoint and a trust anchor that no environment variable overrides.

    Who asks for a client twice gets the same one: making it, and its connection, takes longer than a call.
    """

    def __init__(self, endpoint_url: str, ca_bundle: Path) -> None:
        super().__init__()
        self._endpoint_url = endpoint_url
        self._ca_bundle = ca_bundle
        self._made: dict[frozenset[tuple[str, Any]], botocore.client.BaseClient] = {}

    def create_client(self, *args: Any, **kwargs: Any) -> botocore.client.BaseClient:  # noqa: ANN401
        """Create a client of the embedded AWS (the signature is botocore's)."""
        names = ("service_name", "region_name", "api_version", "use_ssl", "verify", "endpoint_url")
        given = dict(zip(names, args, strict=False)) | kwargs
        given["endpoint_url"] = self._endpoint_url
        given["verify"] = str(self._ca_bundle)
        asked = frozenset(given.items())
        if asked not in self._made:
            self._made[asked] = super().create_client(**given)
        return self._made[asked]
