"""`LocalAws`: an AWS of one's own for as long as a `with` block lasts."""

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from local_aws.cdk_cli import cli_environment, run_cdk
from local_aws.credentials import Credentials
from local_aws.recorded_calls import RecordedCall, recorded_calls

if TYPE_CHECKING:
    import boto3

_ACCOUNT = "111122223333"
_REGION = "eu-central-1"


class LocalAws:
    """An AWS account on this machine: IAM enforced, TLS, API calls recorded, gone when the block ends.

    It listens on a free port of the loopback interface only. Its certificate authority, its access keys and all of its
    state are made when it starts and exist nowhere else. It ends with this process, however this process ends.
    """

    def __init__(self, *, account: str = _ACCOUNT, region: str = _REGION) -> None:
        """Say which account and Region it is; nothing starts before the `with` block.

        Args:
            account: Twelve digits; an account of AWS's documentation unless told otherwise.
            region: The Region, Frankfurt unless told otherwise.
        """
        self.account = account
        self.region = region

    def __enter__(self) -> Self:
        """Start it, in about a third of a second."""
        # The server imports this package too, and is there sooner without what starts it.
        from local_aws.server_process import ServerProcess  # noqa: PLC0415

        self._server = ServerProcess(account=self.account, region=self.region)
        self.__dict__.pop("_own_session", None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End its processes and remove its state."""
        self._server.stop()

    @property
    def endpoint_url(self) -> str:
        """Where it listens."""
        return self._server.endpoint_url

    @property
    def ca_bundle(self) -> Path:
        """The certificate authority that clients of it must trust."""
        return self._server.certificate.authority

    @property
    def administrator(self) -> Credentials:
        """The access key of its one user, who may do everything that IAM can allow.

        A key policy that does not admit the account stops this user too, as in AWS.
        """
        return self._server.administrator

    @property
    def log(self) -> str:
        """The end of the emulator's log, for the text of an unexpected failure."""
        return self._server.log

    def environment(self, credentials: Credentials | None = None) -> dict[str, str]:
        """Say the whole environment of a subprocess that speaks to it and to nothing else.

        Args:
            credentials: As whom; the administrator unless told otherwise.
        """
        return {**cli_environment(self._server.home), **self.access(credentials)}

    def access(self, credentials: Credentials | None = None) -> dict[str, str]:
        """Say the environment variables that lead AWS's tools to it; the home keeps their caches apart.

        Args:
            credentials: As whom; the administrator unless told otherwise.
        """
        return {
            "HOME": str(self._server.home),
            **(credentials or self.administrator).environment,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_CA_BUNDLE": str(self.ca_bundle),
            "NODE_EXTRA_CA_CERTS": str(self.ca_bundle),
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def session(self, credentials: Credentials | None = None) -> "boto3.Session":
        """Make a boto3 session.

        Args:
            credentials: As whom; the administrator unless told otherwise.
        """
        return self._own_session if credentials is None else self._session(credentials)

    @functools.cached_property
    def _own_session(self) -> "boto3.Session":
        """The administrator's, made once: making one takes longer than a call."""
        return self._session(self.administrator)

    def _session(self, credentials: Credentials) -> "boto3.Session":
        # The server imports this package too, and is there sooner without boto3, which it does not need.
        from local_aws.session import make_session  # noqa: PLC0415

        place = {"endpoint_url": self.endpoint_url, "region": self.region}
        return make_session(credentials, **place, ca_bundle=self.ca_bundle, home=self._server.home)

    def create_role(
        self, name: str, *statements: Mapping[str, object], path: str = "/", service: str | None = None
    ) -> str:
        """Create a role that the administrator can assume and return its ARN.

        Args:
            name: The role's name.
            statements: What its own policy says, as IAM policy statements; nothing if there are none.
            path: The role's path.
            service: An AWS service that may assume it too, such as `cloudformation.amazonaws.com`.
        """
        iam = self.session().client("iam")
        trusted = {"AWS": f"arn:aws:iam::{self.account}:root"} | ({"Service": service} if service else {})
        trust = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
        role = iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=_document([trust]))
        if statements:
            iam.put_role_policy(RoleName=name, PolicyName="role", PolicyDocument=_document(statements))
        return role["Role"]["Arn"]

    def assume(self, role_arn: str, *, session_name: str = "local-aws") -> Credentials:
        """Act as a role whose trust policy admits the administrator.

        Args:
            role_arn: Which role.
            session_name: What the recorded calls call the session.
        """
        answer = self.session().client("sts").assume_role(RoleArn=role_arn, RoleSessionName=session_name)
        found = answer["Credentials"]
        return Credentials(
            access_key_id=found["AccessKeyId"],
            secret_access_key=found["SecretAccessKey"],
            session_token=found["SessionToken"],
        )

    def bootstrap(self, *execution_policies: Mapping[str, Any], regions: Sequence[str] = ()) -> None:
        """Run `cdk bootstrap` with these policies, instead of AdministratorAccess, for CloudFormation's role.

        Args:
            execution_policies: Whole IAM policy documents, as `constructs_lib.execution_policy` makes them.
            regions: Where; its own Region unless told otherwise.

        Raises:
            DeploymentError: If the CLI fails.
        """
        iam = self.session().client("iam")
        made = [
            iam.create_policy(PolicyName=f"cloudformation-execution-{number}", PolicyDocument=json.dumps(policy))
            for number, policy in enumerate(execution_policies, start=1)
        ]
        arns = [each["Policy"]["Arn"] for each in made]
        targets = [f"aws://{self.account}/{region}" for region in regions or (self.region,)]
        self.cdk("bootstrap", *targets, "--cloudformation-execution-policies", ",".join(arns))

    def deploy(self, assembly: Path, *stacks: str, options: Sequence[str] = ()) -> dict[str, dict[str, str]]:
        """Run `cdk deploy` and return the outputs of each stack.

        Args:
            assembly: A cloud assembly folder, as `cdk synth` leaves it.
            stacks: Which stacks; all of them if none is named.
            options: Further options of the CLI.

        Raises:
            DeploymentError: If the CLI fails; the text names the resource that failed and why.
        """
        outputs = self._server.folder / "outputs.json"
        outputs.unlink(missing_ok=True)
        which = [*(stacks or ("--all",)), "--app", str(assembly.resolve()), "--outputs-file", str(outputs)]
        settings = ["--require-approval", "never", "--progress", "events", "--method", "direct"]
        self.cdk("deploy", *which, *settings, *options)
        return dict(json.loads(outputs.read_text())) if outputs.exists() else {}

    def destroy(self, assembly: Path, *stacks: str) -> None:
        """Run `cdk destroy`.

        Args:
            assembly: A cloud assembly folder, as `cdk synth` leaves it.
            stacks: Which stacks; all of them if none is named.

        Raises:
            DeploymentError: If the CLI fails.
        """
        self.cdk("destroy", *(list(stacks) or ["--all"]), "--app", str(assembly.resolve()), "--force")

    def take_back(self, assembly: Path, stack: str, mapping: Path) -> None:
        """Run `cdk import`: let a stack own resources that another life of it left behind.

        Args:
            assembly: A cloud assembly folder, as `cdk synth` leaves it.
            stack: The stack to import into, which is made if it does not exist.
            mapping: A JSON file that maps each logical id to the resource's identifier, for example
                `{"Key": {"KeyId": "..."}}`. Resources that it does not name are not made.

        Raises:
            DeploymentError: If the CLI fails.
        """
        options = ["--app", str(assembly.resolve()), "--resource-mapping", str(mapping.resolve()), "--force"]
        self.cdk("import", stack, *options)

    def cdk(self, *arguments: str) -> str:
        """Run the CDK CLI as the administrator and return what it printed.

        Args:
            arguments: The subcommand and its options.

        Raises:
            DeploymentError: If the CLI fails.
        """
        return run_cdk([*arguments, "--no-notices"], environment=self.environment(), folder=self._server.home)

    def put_event_of_aws(self, event: Mapping[str, Any], *, region: str = "") -> None:
        """Let AWS put an event on the account's default bus, which no caller may do in its name.

        Args:
            event: As `PutEvents` takes it: `Source`, `DetailType`, `Resources`; but `Detail` as JSON values.
            region: Where; its own Region unless told otherwise.
        """
        self._server.tell({"account": self.account, "region": region or self.region, "event": event})

    def recorded_calls(self, service: str = "kms") -> list[RecordedCall]:
        """Read the recorded calls of one service, oldest first.

        Args:
            service: The service's name in its endpoint; KMS unless told otherwise.
        """
        return recorded_calls(self.session().client("cloudtrail"), service)


def _document(statements: Sequence[Mapping[str, object]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
