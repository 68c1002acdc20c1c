"""The command `kms-envelope` with boto3's clients, under a key policy and role policies that are enforced."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kms_envelope.exit_code import ExitCode
from kms_envelope.program import program
from local_aws import LocalAws

pytestmark = pytest.mark.deploy

PLAINTEXT = bytes(range(256)) * 4096
CONTEXT = ("--context", "tenant=blue")
READ_BACKUPS = {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:GetObjectVersion"],
    "Resource": "arn:aws:s3:::command-line-backups/*",
}


class People:
    """A key, who may do what with it, and the command line of each."""

    def __init__(self, aws: LocalAws, key_arn: str, roles: Mapping[str, str], run: Callable[..., Result]) -> None:
        self.aws, self.key_arn, self._roles, self._run = aws, key_arn, roles, run

    def run(self, who: str, *arguments: object, piped: bytes = b"") -> Result:
        return self._run(self.aws.access(self.aws.assume(self._roles[who])), *arguments, piped=piped)


@pytest.fixture
def people(
    aws: LocalAws,
    make_role: Callable[..., str],
    make_key_policy: Callable[..., dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> People:
    roles = {"writer": make_role(), "reader": make_role(READ_BACKUPS), "stranger": make_role()}
    for_blue = {"StringEquals": {"kms:EncryptionContext:tenant": "blue"}}
    policy = make_key_policy(
        _allowed(roles["writer"], "kms:GenerateDataKey"),
        _allowed(roles["reader"], "kms:Decrypt", Condition=for_blue),
    )
    key = aws.session().client("kms").create_key(Policy=json.dumps(policy))

    def run(environment: Mapping[str, str], *arguments: object, piped: bytes) -> Result:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(program, [str(each) for each in arguments], input=piped, catch_exceptions=False)

    return People(aws, key["KeyMetadata"]["Arn"], roles, run)


def _allowed(role: str, action: str, **condition: object) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"AWS": role}, "Action": action, "Resource": "*", **condition}


def test_each_person_does_what_the_key_policy_says_and_nothing_else(people: People, tmp_path: Path) -> None:
    message, plain = tmp_path / "message", tmp_path / "plain"
    key = ("--key", people.key_arn)

    assert people.run("writer", "encrypt", *key, *CONTEXT, "-", message, piped=PLAINTEXT).exit_code == 0
    assert people.run("reader", "decrypt", *key, *CONTEXT, message, plain).exit_code == 0
    assert plain.read_bytes() == PLAINTEXT

    refused = people.run("writer", "decrypt", *key, *CONTEXT, message, "-")
    assert (refused.exit_code, refused.stdout_bytes) == (ExitCode.ACCESS_DENIED, b"")
    assert "got AccessDeniedException" in refused.stderr
    assert people.run("reader", "encrypt", *key, *CONTEXT, plain, tmp_path / "none").exit_code == ExitCode.ACCESS_DENIED
    assert sorted(path.name for path in tmp_path.iterdir()) == ["message", "plain"]


def test_a_range_of_a_version_comes_out_of_s3(people: People) -> None:
    s3 = people.aws.session().client("s3")
    s3.create_bucket(Bucket="command-line-backups", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_bucket_versioning(Bucket="command-line-backups", VersioningConfiguration={"Status": "Enabled"})
    key = ("--key", people.key_arn)
    written = people.run("writer", "encrypt", *key, *CONTEXT, "-", "-", piped=PLAINTEXT).stdout_bytes
    version = s3.put_object(Bucket="command-line-backups", Key="orders/1", Body=written)["VersionId"]
    s3.put_object(Bucket="command-line-backups", Key="orders/1", Body=b"something else")
    name = f"s3://command-line-backups/orders/1?versionId={version}"

    part = people.run("reader", "decrypt", *key, *CONTEXT, "--range", "65530-131080", name, "-")
    whole = people.run("reader", "decrypt", *key, *CONTEXT, name, "-")
    latest = people.run("reader", "decrypt", *key, *CONTEXT, "s3://command-line-backups/orders/1", "-")
    stranger = people.run("stranger", "inspect", name)
    told = people.run("reader", "inspect", "--json", name)

    assert (part.exit_code, part.stdout_bytes) == (0, PLAINTEXT[65530:131081])
    assert (whole.exit_code, whole.stdout_bytes) == (0, PLAINTEXT)
    assert latest.exit_code == ExitCode.MALFORMED
    assert stranger.exit_code == ExitCode.ACCESS_DENIED
    assert json.loads(told.stdout)["plaintext_bytes"] == len(PLAINTEXT)
