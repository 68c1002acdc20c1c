"""What a runbook is followed on: keys of each kind that it speaks of, their people, and a role that a key trusts."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from botocore.exceptions import ClientError

from constructs_lib import Administration, EncryptionKey, KeyMaterial, Lifecycle, MultiRegionKey
from tests.support.deployed_runbook import REFUSED, DeployedRunbook
from tests.support.runbook_secrets import PEOPLE_OF_SECRETS, RunbookSecrets
from tests.support.stack_operation import StackOperation, error_code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local_aws import LocalAws

CONTEXT = {"tenant": "blue"}
BUCKET = "runbook-orders"
_EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_PEOPLE = {
    "Auditor": "auditor",
    "Encrypter": "encrypter",
    "Decrypter": "decrypter",
    "Colleague": "colleague",
    "Recovery": "decrypter of the further key",
    "Mover": "re-encrypter",
}


class RunbookScene:
    """The keys, the people and the page.

    Attributes:
        page: The page, to be followed.
        secrets: The secrets, in a stack of their own.
        out: The ARN of each key, as `OrdersKey`, and of each role, as `DecrypterRole`.
        logical_ids: Of the first key and of the role that it lets decrypt.
    """

    def __init__(self, aws: "LocalAws", page: str, folder: Path, *, not_here: "Mapping[tuple[str, str], str]") -> None:
        """Deploy everything.

        Args:
            aws: An embedded AWS with nothing in it.
            page: The runbook; what it gives the responder in IAM is its first block of JSON.
            folder: Where files are written.
            not_here: What the embedded AWS cannot do, and why.
        """
        self.aws, self.folder = aws, folder
        policy = json.loads(re.findall(r"```json\n(.*?)```", page, re.DOTALL)[0])
        responder = aws.create_role("responder", *policy["Statement"])
        deployer = aws.create_role("deployer", _EVERYTHING, service="cloudformation.amazonaws.com")
        template = self._synthesised(responder, deployer)
        outputs = {name: each["Value"] for name, each in template["Outputs"].items()}
        created = StackOperation(aws.session(), deployer).create(template["Resources"], outputs, name="Orders")
        assert created.status == "CREATE_COMPLETE", created.failures
        self.out = created.outputs
        self.logical_ids = {
            name: next(each for each in template["Resources"] if re.fullmatch(rf"{name}[0-9A-F]{{8}}", each))
            for name in ("Orders", "Decrypter")
        }
        people = {words: self.out[f"{name}Role"] for name, words in _PEOPLE.items()}
        people |= {"responder": responder, "deployer": deployer}
        self.secrets = RunbookSecrets(aws, deployer, folder / "secrets")
        people |= {words: self.secrets.out[f"{name}Role"] for name, words in PEOPLE_OF_SECRETS.items()}
        self.page = DeployedRunbook(aws, page, folder, people=people, not_here=not_here)
        self.page.variables |= {"KEY_ARN": self.out["OrdersKey"], "STACK": "Orders", "SESSION": "decrypter"}

    def kms(self, person: str, region: str = "") -> Any:
        """Act as somebody."""
        return self.page.client(person, "kms", region)

    def state(self, key: str) -> str:
        """Say the state of a key."""
        return str(self.kms("responder").describe_key(KeyId=self.out[key])["KeyMetadata"]["KeyState"])

    def encrypt(self, key: str = "OrdersKey") -> bytes:
        """Encrypt something."""
        request = {"KeyId": self.out[key], "Plaintext": b"data", "EncryptionContext": CONTEXT}
        return bytes(self.kms("encrypter").encrypt(**request)["CiphertextBlob"])

    def opens(self, sealed: bytes, person: str = "decrypter", region: str = "") -> bool:
        """Say whether somebody decrypts; only policies refuse him, if anything does."""
        try:
            self.kms(person, region).decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT)
        except ClientError as error:
            assert error_code(error) in REFUSED, error  # noqa: PT017  # anything else is a bug
            return False
        return True

    def let_in(self, role: str, action: str, key: str = "OrdersKey") -> None:
        """Change a key policy, as somebody who may, and let somebody do something."""
        kms = self.kms("colleague")
        policy = json.loads(kms.get_key_policy(KeyId=self.out[key])["Policy"])
        allowed = {"Effect": "Allow", "Principal": {"AWS": self.out[role]}, "Action": action, "Resource": "*"}
        policy["Statement"].append(allowed)
        kms.put_key_policy(KeyId=self.out[key], Policy=json.dumps(policy))

    def grant(self, grantee: str, *operations: str) -> str:
        """Make a grant, which nobody may whom this library names: so somebody lets himself in for it."""
        kms, key = self.kms("colleague"), self.out["OrdersKey"]
        before = kms.get_key_policy(KeyId=key)["Policy"]
        self.let_in("ColleagueRole", "kms:CreateGrant")
        made = kms.create_grant(KeyId=key, GranteePrincipal=self.out[grantee], Operations=list(operations))
        kms.put_key_policy(KeyId=key, Policy=before)
        return str(made["GrantId"])

    def _synthesised(self, responder: str, deployer: str) -> dict[str, Any]:
        app = cdk.App(
            outdir=str(self.folder / "assembly"),
            analytics_reporting=False,
            tree_metadata=False,
            builtin_cloud_formation_validation=False,
        )
        environment = cdk.Environment(account=self.aws.account, region=self.aws.region)
        _define(cdk.Stack(app, "Orders", env=environment), responder=responder, deployer=deployer)
        template: dict[str, Any] = app.synth().get_stack_by_name("Orders").template
        return template


def _define(stack: cdk.Stack, *, responder: str, deployer: str) -> None:
    named = {
        name: iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal(), role_name=name.lower()) for name in _PEOPLE
    }
    settings: dict[str, Any] = {
        "lifecycle": Lifecycle.EPHEMERAL,
        "administration": Administration.ONLY_NAMED,
        "administrators": [iam.Role.from_role_arn(stack, "Responder", responder), named["Colleague"]],
        "auditors": [named["Auditor"]],
        "encrypters": [named["Encrypter"]],
        "deployers": [iam.ArnPrincipal(deployer)],
        "services": [],
    }
    users: dict[str, Any] = {**settings, "decrypters": [named["Decrypter"]]}
    keys: dict[str, Any] = {
        "Orders": EncryptionKey(stack, "Orders", alias="orders", **{**users, "services": ["s3"]}),
        "Other": EncryptionKey(stack, "Other", **users),
        "Vault": EncryptionKey(stack, "Vault", alias="vault", material=KeyMaterial.IMPORTED, **users),
        "Ledger": MultiRegionKey(stack, "Ledger", replicas=[], alias="ledger", **users),
        "Further": EncryptionKey(stack, "Further", alias="further", **settings, decrypters=[named["Recovery"]]),
    }
    bucket = s3.Bucket(stack, "Bucket", bucket_name=BUCKET, encryption_key=keys["Orders"])
    bucket.grant_read_write(named["Mover"])
    keys["Orders"].grant(named["Mover"], "kms:Decrypt", "kms:ReEncryptFrom")
    keys["Other"].grant(named["Mover"], "kms:ReEncryptTo", "kms:GenerateDataKey")
    # What replicating a key and moving an alias need beside the key policy.
    named["Colleague"].add_to_policy(iam.PolicyStatement(actions=["kms:CreateKey", "kms:UpdateAlias"], resources=["*"]))
    for name, key in keys.items():
        cdk.CfnOutput(stack, f"{name}Key", value=key.key_arn)
    for name, role in named.items():
        cdk.CfnOutput(stack, f"{name}Role", value=role.role_arn)
