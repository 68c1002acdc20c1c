import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from constructs_lib.watching.notify import ToTopic
from constructs_lib.watching.outlet import open_outlet
from tests.support.synthesised import app_of
from tests.support.told_events import ACCOUNT, REGION
from tests.support.watch_scene import messages, stack_of


def test_nobody_listens_is_announced_and_a_subscription_of_any_stack_is_somebody() -> None:
    stack = stack_of()
    deaf, heard = sns.Topic(stack, "Deaf"), sns.Topic(stack, "Heard")
    other = cdk.Stack(app_of(stack), "Other", env=cdk.Environment(account=ACCOUNT, region=REGION))
    sns.Subscription(other, "Mail", topic=heard, protocol=sns.SubscriptionProtocol.EMAIL, endpoint="a@example.com")
    for topic in (deaf, heard):
        open_outlet(Construct(stack, f"Watch{topic.node.id}"), ToTopic(topic=topic))
    app_of(stack).synth()

    assert [each for each in messages(stack) if "nobody-listens" in each] != []
    assert any("nobody-listens" in str(entry.data) for entry in deaf.node.metadata)
    assert not any("nobody-listens" in str(entry.data) for entry in heard.node.metadata)
