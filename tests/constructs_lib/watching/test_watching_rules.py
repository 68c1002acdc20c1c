from aws_cdk import aws_events as events
from aws_cdk import aws_sns as sns

from constructs_lib.watching.notify import ToTopic
from tests.support.outlet_scene import a_rule, opened
from tests.support.synthesised import app_of
from tests.support.watch_scene import messages, stack_of


def test_more_rules_than_a_bus_takes_are_announced_with_their_number() -> None:
    stack = stack_of()
    outlet = opened(stack, ToTopic(topic=sns.Topic(stack, "News")))
    a_rule(outlet)
    for number in range(300):
        events.CfnRule(stack, f"Rule{number}", event_pattern={"source": ["aws.kms"]})
    events.CfnRule(stack, "OnAnotherBus", event_bus_name="other", event_pattern={"source": ["aws.kms"]})
    app_of(stack).synth()

    (said,) = (each for each in messages(stack) if "rules-of-a-bus" in each)
    assert "this app has 301 rules on one default event bus, which takes 300" in said
