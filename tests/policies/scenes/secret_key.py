"""The key of a secret: whom it admits through Secrets Manager, and in whose encryption context."""

from pathlib import Path
from typing import TYPE_CHECKING

from tests.policies.scenes.everybody import ONE_KEY_ONLY, WHEN_IAM_ADMINISTERS
from tests.policies.scenes.secrets import NAMED, PARTNER
from tests.support.askers import KMS_STAR, variants
from tests.support.assembled import Assembled
from tests.support.intent import read_table, ways_via
from tests.support.literal_templates import ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, LiteralTemplates
from tests.support.policy_judge import Caller
from tests.support.scene import Built, Scene

if TYPE_CHECKING:
    import aws_cdk as cdk


def _build_key(app: "cdk.App") -> Built:
    secret = NAMED.build(app)
    arn = LiteralTemplates(Assembled.read(Path(app.synth().directory))).name(secret.secret)
    about = "kms:EncryptionContext:SecretARN"
    through, elsewhere, other = (
        {"kms:ViaService": f"{service}.amazonaws.com"}
        for service in (f"secretsmanager.{REGION}", f"secretsmanager.{OTHER_REGION}", f"ssm.{REGION}")
    )
    contexts = {
        "of the secret": {about: arn, **through},
        "of another secret": {about: f"{arn.rpartition(':')[0]}:orders-AbCdEf", **through},
        "of what is no secret": {about: f"{arn}7", **through},
        "of a namesake": {about: arn.replace(ACCOUNT, OTHER_ACCOUNT), **through},
        "of a namesake abroad": {about: arn.replace(REGION, OTHER_REGION), **through},
        "of the secret past Secrets Manager": {about: arn},
        "of the secret through another Region": {about: arn, **elsewhere},
        "of the secret through another service": {about: arn, **other},
    }
    partner = variants("partner", Caller(PARTNER, (KMS_STAR,)), ways_via("secretsmanager"), ours=False)
    return Built(
        secret.key, secret.people, others=partner, contexts=contexts, via=("secretsmanager", "rds"), creating=()
    )


_ELSE = "*directly, *via *, of another*, of a name*, of what*, of the secret past*, of the secret through*"
_NOT_THROUGH = "*directly, *via rds, *elsewhere, of the secret past*, of the secret through*"

SECRET_KEY = Scene(
    "the key of a secret",
    _build_key,
    read_table(
        WHEN_IAM_ADMINISTERS
        + ONE_KEY_ONLY
        + f"""
    deployer, deployer with kms:*, deployer re-created | {_NOT_THROUGH} | inspect, change            | IAM administers
    deployer, deployer with kms:*, deployer re-created | *via secretsmanager, of the secret, of another secret, of a name*, of what* | inspect, change, Decrypt, Encrypt, GenerateDataKey | creates, and puts under another key
    reader, reader without IAM      | of the secret | Decrypt                                   | reads
    reader with kms:*               | of the secret | Decrypt, inspect, change                  | reads, and IAM administers
    writer, writer without IAM, rotation, rotation without IAM | of the secret | Decrypt, GenerateDataKey | writes
    writer with kms:*, rotation with kms:* | of the secret | Decrypt, GenerateDataKey, inspect, change | writes, and IAM administers
    reader, reader without IAM, writer, writer without IAM, rotation, rotation without IAM | {_ELSE} | - | this secret through Secrets Manager only
    reader with kms:*, writer with kms:*, rotation with kms:* | {_ELSE} | inspect, change         | IAM administers
    administrator, administrator without IAM | *directly, *via *, of * | -                       | has nothing to do with the key
    administrator with kms:*        | *             | inspect, change                           | IAM administers
    reader re-created, writer re-created, partner re-created, reader on another path, writer on another path, partner on another path | *directly, *via *, of * | -                                         | another identity
    rotation re-created, rotation on another path, administrator re-created, administrator on another path | *directly, *via *, of * | - | another identity
    partner, partner with kms:*     | of the secret | Decrypt, DescribeKey                      | reads from another account
    partner, partner with kms:*     | *via secretsmanager, of another*, of a name*, of what* | DescribeKey | has to find the key
    partner, partner with kms:*     | *directly, of the secret past*, of the secret through* | - | through Secrets Manager only
    partner without IAM             | *             | -                                         | its own account is silent
    partner's namesake at home      | *             | inspect, change                           | IAM administers
"""
    ),
)
