"""A key about which nothing was said: the account administers through IAM, and nobody uses it but by creating."""

import aws_cdk as cdk

from constructs_lib.encryption_key import EncryptionKey
from tests.policies.scenes.everybody import DEPLOYERS, WHEN_IAM_ADMINISTERS
from tests.support.intent import read_table
from tests.support.literal_templates import place_of
from tests.support.scene import Built, Scene


def build(app: cdk.App) -> Built:
    """Define the key."""
    return Built(place_of(EncryptionKey(cdk.Stack(app, "Orders"), "Key")))


NOTHING_SAID = Scene("nothing said", build, read_table(WHEN_IAM_ADMINISTERS + DEPLOYERS))
