"""The reference app, deployed by the real CDK CLI under a restricted execution policy, and the people around it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from constructs_lib.execution_policy.least_policies import execution_policies
from local_aws import LocalAws
from local_aws.authority import Signed
from local_aws.cdk_cli import CHECKOUT, cli_environment, run_cdk
from local_aws.demo.narration import Narration
from local_aws.demo.own_certificates import OwnCertificates
from local_aws.demo.people import Person, act_as, act_as_service_role

CONTEXT = {"tenant": "blue", "purpose": "demonstration"}
DOMAIN = "demonstration.example.org"
IMPORTED_NAME = f"partner.{DOMAIN}"
# The rest comes when there is a certificate to be imported.
_AT_FIRST = ("Keys", "Workload", "Secrets")


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """What was deployed, and who acts.

    Attributes:
        aws: The account.
        key_arn: The envelope key.
        archive_key_arn: The key of messages that are kept.
        bucket: Where messages are stored.
        arrivals_bucket: Where plaintext objects come from.
        opened_bucket: Where objects are decrypted into.
        encrypt_function: Its ARN.
        decrypt_function: Its ARN.
        reencrypt_function: Its ARN.
        news_topic: Where what happens to keys is told.
        trail_bucket: Where log files are.
        token_arn: The secret.
        own_certificates: What somebody else than ACM issues.
        first_certificate: The one of them that was there when the stacks were deployed.
        imported_certificate: The ARN under which it is served.
        issued_certificate: The ARN of the one that ACM issued.
        people: Everybody, by name.
    """

    aws: LocalAws
    key_arn: str
    archive_key_arn: str
    bucket: str
    arrivals_bucket: str
    opened_bucket: str
    encrypt_function: str
    decrypt_function: str
    reencrypt_function: str
    news_topic: str
    trail_bucket: str
    token_arn: str
    own_certificates: OwnCertificates
    first_certificate: Signed
    imported_certificate: str
    issued_certificate: str
    people: Mapping[str, Person]


def deploy(aws: LocalAws, assembly: Path, narration: Narration) -> Deployment:
    """Synthesise, bootstrap, deploy, and let everybody in."""
    _synthesise(aws, assembly, narration)
    with narration.timed("account bootstrapped with the least execution policy that deploys it"):
        aws.bootstrap(*execution_policies(assembly))
    with narration.timed("every stack deployed by the CDK CLI"):
        secrets = aws.deploy(assembly, *_AT_FIRST)["Secrets"]
        certifier = act_as(aws, "certifier", secrets["CertifierRoleArn"])
        own = OwnCertificates(name=IMPORTED_NAME, secret_arn=secrets["CertificateSecretArn"], certifier=certifier)
        first = own.put()
        outputs = aws.deploy(assembly)
    keys, workload, certificates = outputs["Keys"], outputs["Workload"], outputs["Certificates"]
    functions = {name: workload[f"{name}FunctionArn"] for name in ("Encrypt", "Decrypt", "Reencrypt", "Arrivals")}
    return Deployment(
        aws=aws,
        key_arn=keys["EnvelopeKeyArn"],
        archive_key_arn=keys["ArchiveKeyArn"],
        bucket=workload["BucketName"],
        arrivals_bucket=workload["ArrivalsBucketName"],
        opened_bucket=workload["OpenedBucketName"],
        encrypt_function=functions["Encrypt"],
        decrypt_function=functions["Decrypt"],
        reencrypt_function=functions["Reencrypt"],
        news_topic=outputs["Audit"]["NewsTopicArn"],
        trail_bucket=outputs["Audit"]["TrailBucketName"],
        token_arn=secrets["TokenArn"],
        own_certificates=own,
        first_certificate=first,
        imported_certificate=certificates["ImportedCertificateArn"],
        issued_certificate=certificates["IssuedCertificateArn"],
        people={
            **_people(aws, keys, workload, functions),
            **_people_of_secrets(aws, secrets),
            certifier.name: certifier,
        },
    )


def _synthesise(aws: LocalAws, assembly: Path, narration: Narration) -> None:
    zone = aws.session().client("route53").create_hosted_zone(Name=DOMAIN, CallerReference=DOMAIN)["HostedZone"]["Id"]
    context = {
        "domain-name": DOMAIN,
        "hosted-zone-id": zone.rpartition("/")[2],
        "imported-domain-name": IMPORTED_NAME,
    }
    told = [word for name, value in context.items() for word in ("--context", f"{name}={value}")]
    with narration.timed("app.py synthesised, as for AWS"):
        environment = {**os.environ, **cli_environment(Path.home())}
        run_cdk(["synth", "--quiet", "--output", str(assembly), *told], environment=environment, folder=CHECKOUT)


def _people(
    aws: LocalAws, keys: Mapping[str, str], workload: Mapping[str, str], functions: Mapping[str, str]
) -> dict[str, Person]:
    lambda_ = aws.session().client("lambda")
    roles = {name: lambda_.get_function_configuration(FunctionName=arn)["Role"] for name, arn in functions.items()}
    deployer = f"arn:aws:iam::{aws.account}:role/cdk-hnb659fds-cfn-exec-role-{aws.account}-{aws.region}"
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    every_use = {"Effect": "Allow", "Action": "kms:*", "Resource": "*"}
    found = [
        act_as(aws, "writer", workload["WriterRoleArn"]),
        act_as(aws, "reader", workload["ReaderRoleArn"]),
        act_as(aws, "sender", workload["SenderRoleArn"]),
        act_as(aws, "receiver", workload["ReceiverRoleArn"]),
        act_as(aws, "archivist", workload["ArchivistRoleArn"]),
        act_as(aws, "recovery", keys["RecoveryRoleArn"]),
        act_as(aws, "auditor", keys["AuditorRoleArn"]),
        act_as_service_role(aws, "encrypting function", roles["Encrypt"]),
        act_as_service_role(aws, "decrypting function", roles["Decrypt"]),
        act_as_service_role(aws, "re-encrypting function", roles["Reencrypt"]),
        act_as_service_role(aws, "function of arrivals", roles["Arrivals"]),
        act_as_service_role(aws, "deployer", deployer),
        act_as(aws, "account administrator", aws.create_role("AccountAdministrator", everything)),
        act_as(aws, "stranger with kms:*", aws.create_role("Stranger", every_use)),
    ]
    return {person.name: person for person in found}


def _people_of_secrets(aws: LocalAws, secrets: Mapping[str, str]) -> dict[str, Person]:
    everything_there = {"Effect": "Allow", "Action": ["secretsmanager:*", "kms:*"], "Resource": "*"}
    found = [
        act_as(aws, "client", secrets["ClientRoleArn"]),
        act_as(aws, "custodian", secrets["CustodianRoleArn"]),
        act_as(aws, "stranger with secretsmanager:*", aws.create_role("Collector", everything_there)),
    ]
    return {person.name: person for person in found}
