"""The process of the embedded AWS, seen from the one that starts it."""

import contextlib
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from local_aws.certificate import Certificate, make_certificate
from local_aws.credentials import Credentials
from local_aws.errors import LocalAwsError
from local_aws.settings import Settings

_CHECKOUT = Path(__file__).resolve().parent.parent
_START_SECONDS = 60
_END_SECONDS = 20
_LOG_TAIL = 4000


class ServerProcess:
    """One life of the emulator: a private folder, a certificate, an access key, a process.

    Everything it writes is in `folder`. The process ends and removes the folder when `stop` is called and
    also when this process ends in any other way, because its standard input closes then.
    """

    def __init__(self, *, account: str, region: str) -> None:
        """Start it and wait until it answers.

        Args:
            account: Twelve digits.
            region: An AWS Region.

        Raises:
            LocalAwsError: If it does not answer; the text ends with what it wrote to its log.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="local-aws-")).resolve()
        self.administrator = Credentials.random()
        try:
            self.home = self._subfolder("home")
            self.certificate = make_certificate(self._subfolder("tls"))
            self._process = self._start(account, region)
            self.port = self._port()
            self._wait_until_healthy()
        except BaseException:
            self.stop()
            raise

    @property
    def endpoint_url(self) -> str:
        """Where it listens, for clients that trust `certificate.authority`."""
        return f"https://localhost:{self.port}"

    @property
    def log(self) -> str:
        """The end of what the process wrote to its log."""
        path = self.folder / "server.log"
        return path.read_text(errors="replace")[-_LOG_TAIL:] if path.exists() else ""

    def tell(self, command: Mapping[str, object]) -> None:
        """Tell it something that no caller of its API may, and wait until it is done.

        Args:
            command: What `local_aws.server.operator_commands` knows.

        Raises:
            LocalAwsError: If it has ended.
        """
        with contextlib.suppress(OSError, ValueError):
            if self._process.stdin is not None and self._process.stdout is not None:
                self._process.stdin.write(json.dumps(command) + "\n")
                self._process.stdin.flush()
                if self._process.stdout.readline():
                    return
        raise LocalAwsError(f"the embedded AWS has ended: {self.log}")

    def stop(self) -> None:
        """End the process, its functions and its folder; a second time does nothing."""
        process: subprocess.Popen[str] | None = getattr(self, "_process", None)
        if process is not None and process.poll() is None:
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
            try:
                process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _subfolder(self, name: str) -> Path:
        path = self.folder / name
        path.mkdir(mode=0o700)
        return path

    def _start(self, account: str, region: str) -> "subprocess.Popen[str]":
        settings = Settings(
            folder=self.folder,
            certificate=self.certificate.certificate,
            private_key=self.certificate.private_key,
            account=account,
            region=region,
            access_key_id=self.administrator.access_key_id,
            secret_access_key=self.administrator.secret_access_key,
            installer_environment={k: v for k, v in os.environ.items() if not k.startswith("AWS_")},
        )
        environment = _server_environment(account, region, self.certificate, self.home, self._subfolder("temporary"))
        environment["STATE_DIR"] = str(self._subfolder("state"))
        with (self.folder / "server.log").open("wb") as log:
            process = subprocess.Popen(  # our own module, run by our own interpreter
                [sys.executable, "-m", "local_aws.server"],
                cwd=_CHECKOUT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                # Ctrl-C on a terminal reaches this process, which then ends the other one in order.
                start_new_session=True,
            )
        if process.stdin is not None:
            process.stdin.write(settings.to_line())
            process.stdin.flush()
        return process

    def _port(self) -> int:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise LocalAwsError(f"the embedded AWS ended before it opened its port: {self.log}")
        return int(json.loads(line)["port"])

    def _wait_until_healthy(self) -> None:
        trust = ssl.create_default_context(cafile=str(self.certificate.authority))
        address = f"{self.endpoint_url}/_ministack/health"
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)
        )
        try:
            with opener.open(address, timeout=_START_SECONDS):
                pass
        except OSError as error:
            raise LocalAwsError(f"the embedded AWS did not answer: {error}: {self.log}") from error


def _server_environment(
    account: str, region: str, certificate: Certificate, home: Path, temporary: Path
) -> dict[str, str]:
    """Say all that ministack reads, and let nothing of the environment outside in."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "AUTH": "true",
        "USE_SSL": "1",
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_SSL_CERT": str(certificate.certificate),
        "MINISTACK_SSL_KEY": str(certificate.private_key),
        "MINISTACK_ACCOUNT_ID": account,
        "MINISTACK_REGION": region,
        "CLOUDTRAIL_RECORDING": "1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": "WARNING",
        # No Docker, whatever the machine has: the path names no socket.
        "DOCKER_HOST": f"unix://{temporary}/no-docker",
        # Functions trust the endpoint through what they inherit from here.
        "AWS_CA_BUNDLE": str(certificate.authority),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
