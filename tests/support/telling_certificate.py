"""Certificates that say of themselves what those of this library say."""

from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from constructs_lib.wiring.certificate_facts import CertificateFacts, KeyAlgorithm, Renewal
from tests.support.told_events import ACCOUNT, REGION

IMPORTER = "importer-of-orders"


class TellingCertificate(acm.Certificate):
    """A certificate that tells."""

    certificate_facts: CertificateFacts

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *names: str,
        renewal: Renewal = Renewal.BY_ACM,
        region: str | None = None,
    ) -> None:
        """Define it, with a function that imports it if it is renewed from a secret."""
        super().__init__(scope, construct_id, domain_name="example.com")  # whatever it says
        importer = (
            lambda_.Function.from_function_arn(
                self, "Importer", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{IMPORTER}"
            )
            if renewal is Renewal.FROM_SECRET
            else None
        )
        self.certificate_facts = CertificateFacts(
            domain_names=names,
            key_algorithm=KeyAlgorithm.ECDSA_P256,
            renewal=renewal,
            region=region,
            importer=importer,
        )
