"""What the importing function has around it: a secret, ACM, CloudFormation and a log, all in memory."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from certificate_care.importer import Importer
from certificate_care.importing import handle
from tests.support.fake_kms import client_error
from tests.support.fake_secrets_manager import SECRET_ARN, FakeSecretsManager, FakeVersion, secret_with
from tests.support.made_certificates import NAMES, NOW, Lineage, Made
from tests.support.reimported_certificate import acm_refuses

CERTIFICATE_ARN = "arn:aws:acm:eu-central-1:111122223333:certificate/12345678-1234-1234-1234-123456789012"
TAGS = [{"Key": "cdk-key-management:certificate", "Value": "Shop"}]
STACK = "arn:aws:cloudformation:eu-central-1:111122223333:stack/shop/1a2b3c4d"
RESPONSE_URL = "https://cloudformation-custom-resource-response-eucentral1.s3.eu-central-1.amazonaws.com/answer"


@dataclass
class Held:
    """What ACM has of an imported certificate."""

    certificate: bytes
    chain: bytes
    private_key: bytes = field(repr=False)
    tags: list[dict[str, str]] = field(default_factory=list)
    in_use_by: list[str] = field(default_factory=list)


class FakeImports:
    """The part of ACM that imports certificates, with its refusals.

    https://docs.aws.amazon.com/acm/latest/APIReference/API_ImportCertificate.html
    """

    def __init__(self) -> None:
        """Have nothing yet."""
        self.held: dict[str, Held] = {}
        self.calls: list[str] = []
        self.refusals: dict[str, list[str]] = {}
        self.message = "said ACM"
        self.before_import: Callable[[], object] = lambda: None

    def import_certificate(self, **request: Any) -> dict[str, str]:
        """ImportCertificate."""
        assert set(request) <= {"Certificate", "PrivateKey", "CertificateChain", "CertificateArn", "Tags"}
        self._called("ImportCertificate")
        self.before_import()
        [leaf] = x509.load_pem_x509_certificates(request["Certificate"])
        key = load_pem_private_key(request["PrivateKey"], None)
        if key.public_key() != leaf.public_key() or {"CertificateArn", "Tags"} <= set(request):
            raise client_error("ValidationException", operation="ImportCertificate")
        arn = request.get("CertificateArn", f"{CERTIFICATE_ARN[:-12]}{len(self.calls) + 100_000_000_000}")
        held = Held(request["Certificate"], request.get("CertificateChain", b""), request["PrivateKey"])
        if "CertificateArn" in request:
            former = self._of(arn, "ImportCertificate")
            if acm_refuses(leaf, over=x509.load_pem_x509_certificate(former.certificate)):
                raise client_error("ValidationException", operation="ImportCertificate")
            held.tags, held.in_use_by = former.tags, former.in_use_by
        else:
            held.tags = request["Tags"]
        self.held[arn] = held
        return {"CertificateArn": arn}

    def get_certificate(self, *, CertificateArn: str) -> dict[str, str]:  # noqa: N803
        """GetCertificate: never the private key."""
        self._called("GetCertificate")
        held = self._of(CertificateArn, "GetCertificate")
        further = {"CertificateChain": held.chain.decode()} if held.chain else {}
        return {"Certificate": held.certificate.decode(), **further}

    def describe_certificate(self, *, CertificateArn: str) -> dict[str, Any]:  # noqa: N803
        """DescribeCertificate."""
        self._called("DescribeCertificate")
        return {"Certificate": {"InUseBy": self._of(CertificateArn, "DescribeCertificate").in_use_by}}

    def delete_certificate(self, *, CertificateArn: str) -> dict[str, Any]:  # noqa: N803
        """DeleteCertificate."""
        self._called("DeleteCertificate")
        if self._of(CertificateArn, "DeleteCertificate").in_use_by:
            raise client_error("ResourceInUseException", operation="DeleteCertificate")
        del self.held[CertificateArn]
        return {}

    def _of(self, arn: str, operation: str) -> Held:
        if arn not in self.held:
            raise client_error("ResourceNotFoundException", operation=operation)
        return self.held[arn]

    def _called(self, operation: str) -> None:
        self.calls.append(operation)
        if self.refusals.get(operation):
            error = client_error(self.refusals[operation].pop(0), operation=operation)
            error.response["Error"]["Message"] = self.message
            raise error


@dataclass
class Context:
    """Lambda's context object."""

    milliseconds: int = 3000

    def get_remaining_time_in_millis(self) -> int:
        """Say how long the handler may still run."""
        return self.milliseconds


@dataclass
class ImportsInMemory:
    """A function that is deployed, with a secret that holds a value."""

    value: str | bytes | None
    variables: Mapping[str, str] = field(default_factory=dict)
    code: Path = Path("no-such-folder")
    now: datetime = NOW
    acm: FakeImports = field(default_factory=FakeImports)
    answers: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make the secret."""
        self.secrets = FakeSecretsManager({SECRET_ARN: secret_with(self.value)})

    def deployed(self) -> Importer:
        """Make what the function makes once."""
        variables = {"SECRET_ARN": SECRET_ARN, "DOMAIN_NAMES": ",".join(NAMES), **self.variables}
        return replace(
            Importer.of(variables, secrets=self.secrets, acm=self.acm, code=self.code),
            write=lambda line: self.lines.append(json.loads(line)),
            clock=lambda: self.now,
        )

    def put(self, value: str | bytes, *, number: int = 2) -> None:
        """Put another current value into the secret."""
        secret, name = self.secrets.secrets[SECRET_ARN], f"version-{number}".ljust(32, "-")
        secret.versions[name] = FakeVersion(value)
        secret.attach("AWSCURRENT", name)

    def event(self, arn: str) -> dict[str, object] | None:
        """Invoke the function as a rule does."""
        return handle({"certificate_arn": arn}, Context(), deployment=self.deployed)

    def request(self, kind: str, physical_id: str | None = None, **changed: Any) -> dict[str, Any]:
        """Invoke the function as CloudFormation does, and return what that hears."""
        event = {
            "RequestType": kind,
            "ResponseURL": RESPONSE_URL,
            "StackId": STACK,
            "RequestId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}{len(self.answers)}")),
            "LogicalResourceId": "Certificate",
            "ResourceType": "Custom::ImportedCertificate",
            "ResourceProperties": {"Tags": TAGS},
            **({"PhysicalResourceId": physical_id} if physical_id else {}),
            **({"OldResourceProperties": {"Tags": TAGS}} if kind == "Update" else {}),
            **changed,
        }
        handle(event, Context(), deployment=self.deployed, variables={"STACK_ID": STACK}, put=self._answered)
        return self.answers[-1]

    def import_first(self) -> str:
        """Have CloudFormation import the first certificate."""
        answer = self.request("Create")
        assert answer["Status"] == "SUCCESS", answer
        return str(answer["PhysicalResourceId"])

    def metrics(self) -> dict[str, int]:
        """The metrics of the last line."""
        return {name: value for name, value in self.lines[-1].items() if name not in {"_aws", "CertificateArn"}}

    def _answered(self, url: str, body: bytes, /) -> None:
        assert url == RESPONSE_URL
        self.answers.append(json.loads(body))


def secret_text(lineage: Lineage, *, key: Made | None = None, **changed: object) -> str:
    """What a writer puts: the intermediate as chain, the key as it is."""
    fields: dict[str, object] = {
        "certificate": lineage.leaf.pem,
        "private_key": (key or lineage.leaf).key_pem(),
        "certificate_chain": lineage.intermediate.pem,
    }
    return json.dumps({name: value for name, value in (fields | changed).items() if value is not None})


def renewed(lineage: Lineage, *, by_days: int = 60) -> Lineage:
    """The same names, another key of the same type, and a later end."""
    return lineage.with_leaf(
        key="P-256/renewed", not_before=NOW - timedelta(days=1), not_after=NOW + timedelta(days=80 + by_days)
    )
