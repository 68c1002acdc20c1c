"""Certificates: one that ACM issues, one that somebody else issued, and what is refused in its place."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

from local_aws.demo.deployment import DOMAIN, IMPORTED_NAME

if TYPE_CHECKING:
    from local_aws.authority import Authority, Signed
    from local_aws.demo.deployment import Deployment
    from local_aws.demo.narration import Narration

_LONGEST_WAIT_SECONDS: Final = 30.0
_PAUSE_SECONDS: Final = 0.2


def show_certificates(deployment: "Deployment", narration: "Narration") -> None:
    """Show a certificate issued, one imported, a bad one refused, a newer one imported in its place, and served."""
    narration.heading("Certificates: ACM issues one, and takes another only when it is right")
    acm = deployment.aws.session().client("acm")
    issued = acm.describe_certificate(CertificateArn=deployment.issued_certificate)["Certificate"]
    narration.check(
        f"ACM has issued one for api.{DOMAIN}, validated by a record in the zone, with an elliptic key",
        (issued["Status"], issued["KeyAlgorithm"], issued["DomainName"]),
        ("ISSUED", "EC_prime256v1", f"api.{DOMAIN}"),
    )
    own, first, arn = deployment.own_certificates, deployment.first_certificate, deployment.imported_certificate
    narration.check("the one that somebody else issued is imported", _served(acm, arn), first.certificate)
    own.put_expired()
    reason = _refusal(deployment)
    narration.check(
        "an expired one in its place is refused, and the good one stays",
        ("expired" in reason, _served(acm, arn)),
        (True, first.certificate),
        reason,
    )
    second = own.put()
    narration.check(
        "a newer one takes its place", _another(acm, arn, first.certificate), second.certificate, "under the same ARN"
    )
    narration.check(
        "a server serves it: a client that knows the authority alone believes the name",
        _believed(acm.get_certificate(CertificateArn=arn), second, own.authority),
        IMPORTED_NAME,
    )


def _served(acm: Any, arn: str) -> str:  # noqa: ANN401  # a client of boto3
    return str(acm.get_certificate(CertificateArn=arn)["Certificate"])


def _another(acm: Any, arn: str, before: str) -> str:  # noqa: ANN401  # as above
    end = monotonic() + _LONGEST_WAIT_SECONDS
    while (found := _served(acm, arn)) == before and monotonic() < end:
        sleep(_PAUSE_SECONDS)
    return found


def _refusal(deployment: "Deployment") -> str:
    """Wait for the line in which the function says what it refused."""
    logs = deployment.aws.session().client("logs")
    groups = [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]]
    end = monotonic() + _LONGEST_WAIT_SECONDS
    while monotonic() < end:
        for group in groups:
            if "Imported" not in group:
                continue
            for event in logs.filter_log_events(logGroupName=group)["events"]:
                if "CertificateRefused" in event["message"]:
                    return str(json.loads(event["message"])["error"])
        sleep(_PAUSE_SECONDS)
    return ""


def _believed(answer: dict[str, Any], signed: "Signed", authority: "Authority") -> str:
    """Serve what ACM has, and return the name that a client has verified."""
    client = ssl.create_default_context(cadata=authority.certificate)
    with (
        _server(answer, signed) as port,
        socket.create_connection(("127.0.0.1", port)) as plain,
        client.wrap_socket(plain, server_hostname=IMPORTED_NAME) as secured,
    ):
        names: Any = (secured.getpeercert() or {}).get("subjectAltName", ())
        return str(names[0][1])


@contextmanager
def _server(answer: dict[str, Any], signed: "Signed") -> Iterator[int]:
    with TemporaryDirectory() as folder:
        served, private_key = Path(folder, "served.pem"), Path(folder, "key.pem")
        served.write_text(answer["Certificate"] + answer["CertificateChain"])
        private_key.touch(mode=0o600)
        private_key.write_text(signed.private_key)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(served, private_key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_answer_once, args=(listening, context), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def _answer_once(listening: socket.socket, context: ssl.SSLContext) -> None:
    plain, _ = listening.accept()
    with context.wrap_socket(plain, server_side=True) as secured:
        secured.recv(1)
