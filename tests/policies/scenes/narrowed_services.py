"""A key that was told the services through which it is used when something encrypted is created, or that there are none."""

import aws_cdk as cdk

from constructs_lib.encryption_key import EncryptionKey
from tests.policies.scenes.everybody import WHEN_IAM_ADMINISTERS
from tests.support.intent import read_table
from tests.support.literal_templates import place_of
from tests.support.scene import Built, Scene


def _build(app: cdk.App) -> Built:
    # SQS calls KMS for each request and asks for no grants.
    key = EncryptionKey(cdk.Stack(app, "Orders"), "Key", services=["lambda", "ec2", "sqs"])
    return Built(place_of(key), via=("lambda", "ec2", "sqs", "rds"), creating=())


NARROWED_SERVICES = Scene(
    "services narrowed",
    _build,
    read_table(
        WHEN_IAM_ADMINISTERS
        + """
    deployer, deployer with kms:*, deployer re-created | *directly, *elsewhere, *rds  | inspect, change | IAM administers
    deployer, deployer with kms:*, deployer re-created | via lambda       | inspect, change, Decrypt, Encrypt, GenerateDataKey | creates
    deployer, deployer with kms:*, deployer re-created | creating via lambda | inspect, change, Decrypt, Encrypt, GenerateDataKey, hand out | creates
    deployer, deployer with kms:*, deployer re-created | via ec2          | inspect, change, Decrypt, GenerateDataKeyWithoutPlaintext, re-encrypt | creates
    deployer, deployer with kms:*, deployer re-created | creating via ec2 | inspect, change, Decrypt, GenerateDataKeyWithoutPlaintext, re-encrypt, hand out | creates
    deployer, deployer with kms:*, deployer re-created | *via sqs         | inspect, change, Decrypt, GenerateDataKey | creates, and asks for no grants
"""
    ),
)


def _build_without_services(app: cdk.App) -> Built:
    return Built(place_of(EncryptionKey(cdk.Stack(app, "Orders"), "Key", services=[])))


NO_SERVICES = Scene(
    "no services",
    _build_without_services,
    read_table(
        WHEN_IAM_ADMINISTERS
        + """
    deployer, deployer with kms:*, deployer re-created | *            | inspect, change | IAM administers
"""
    ),
)
