"""Two defects of the CDK's own key that its users reported, with ours: each case, and the same case with `kms.Key`."""

from collections.abc import Callable
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs

from constructs_lib import EncryptionKey
from tests.support.assembled import Assembled
from tests.support.kms_findings import cycles, findings
from tests.support.kms_statements import kms_statements

MakeApp = Callable[..., cdk.App]
MakeKey = Callable[[cdk.Stack], kms.IKey]
RESTRICTED = {"@aws-cdk/aws-sns-subscriptions:restrictSqsDescryption": True}


def our_key(stack: cdk.Stack) -> kms.IKey:
    return EncryptionKey(stack, "Key", alias="issues")


def plain_key(stack: cdk.Stack) -> kms.IKey:
    return kms.Key(stack, "Key")


def assembled(app: cdk.App) -> Assembled:
    return Assembled.read(Path(app.synth().directory))


def secret_read_from_another_stack(app: cdk.App, make_key: MakeKey) -> None:
    """https://github.com/aws/aws-cdk/issues/14213."""
    secrets, readers = cdk.Stack(app, "Secrets"), cdk.Stack(app, "Readers")
    secret = secretsmanager.Secret(secrets, "Secret", encryption_key=make_key(secrets))
    secret.grant_read(iam.Role(readers, "Reader", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")))


def topic_and_queue_under_one_key(app: cdk.App, make_key: MakeKey) -> None:
    """https://github.com/aws/aws-cdk/issues/35418."""
    stack = cdk.Stack(app, "Messages")
    key = make_key(stack)
    topic = sns.Topic(stack, "Topic", master_key=key)
    topic.add_subscription(subscriptions.SqsSubscription(sqs.Queue(stack, "Queue", encryption_master_key=key)))


def test_issue_14213_a_secret_is_read_from_another_stack(make_app: MakeApp) -> None:
    app = make_app()
    secret_read_from_another_stack(app, our_key)
    found = assembled(app)

    assert findings(found) == []
    (reading,) = [
        statement
        for statement in kms_statements(found)
        if statement.key is not None and statement.condition("kms:ViaService") and statement.actions == ("kms:Decrypt",)
    ]
    (caller,) = reading.callers
    assert "Readers/Reader" in caller


def test_issue_14213_stands_with_the_cdks_own_key(make_app: MakeApp) -> None:
    app = make_app()
    secret_read_from_another_stack(app, plain_key)

    with pytest.raises(RuntimeError, match="cyclic reference"):
        app.synth()


def test_issue_35418_a_topic_feeds_a_queue_under_the_same_key(make_app: MakeApp) -> None:
    app = make_app(**RESTRICTED)
    topic_and_queue_under_one_key(app, our_key)
    found = assembled(app)

    assert list(cycles(found)) == []
    assert findings(found) == []
    (of_sns,) = [each for each in kms_statements(found) if each.callers == ("sns.amazonaws.com",)]
    assert of_sns.condition("aws:SourceArn")


@pytest.mark.parametrize("restricted", [True, False])
def test_issue_35418_stands_with_the_cdks_own_key(restricted: bool, make_app: MakeApp) -> None:  # noqa: FBT001  # a table
    app = make_app(**dict.fromkeys(RESTRICTED, restricted))
    topic_and_queue_under_one_key(app, plain_key)

    assert bool(list(cycles(assembled(app)))) is restricted
