"""The same program gives the same bytes, whatever the order in which Python walks its sets."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from constructs_lib.bundled_node import use_bundled_node
use_bundled_node()
import aws_cdk as cdk
from aws_cdk import aws_iam as iam, aws_s3 as s3, aws_sns as sns, aws_sqs as sqs
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs_lib import EncryptionKey

stage = cdk.Stage(cdk.App(outdir=sys.argv[1], analytics_reporting=False), "Prod")
home, away = cdk.Stack(stage, "S"), cdk.Stack(stage, "W")
roles = [iam.Role(stack, f"R{n}", assumed_by=iam.AccountRootPrincipal()) for n in range(5) for stack in (home, away)]
key = EncryptionKey(
    home, "Key", alias="orders", encrypters=roles[:3], decrypters=roles[3:6], auditors=roles, services=["s3", "rds"],
    tags={"b": "1", "a": "2"},
)
bucket = s3.Bucket(home, "Bucket", encryption_key=key)
topic = sns.Topic(home, "Topic", master_key=key)
topic.add_subscription(subscriptions.SqsSubscription(sqs.Queue(home, "Queue", encryption_master_key=key)))
for role in roles:
    bucket.grant_read_write(role)
    topic.grant_publish(role)
    key.grant(role, "kms:CreateGrant", "kms:DescribeKey")
stage.synth()
"""


def digests(directory: Path, seed: str) -> dict[str, str]:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    subprocess.run([sys.executable, "-c", PROGRAM, str(directory)], check=True, env=environment, capture_output=True)  # noqa: S603
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in directory.rglob("*.template.json")}


def test_two_processes_write_the_same_templates(tmp_path: Path) -> None:
    first, second = (digests(tmp_path / seed, seed) for seed in ("1", "20261122"))

    assert first == second
    assert len(first) == 2
