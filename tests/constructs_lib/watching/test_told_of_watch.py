"""What a watch tells of itself and its trail, by whom it is owned; the rest is in test_around.py."""

from constructs import Construct

from constructs_lib.watching.notify import ToTopic
from constructs_lib.watching.outlet import open_outlet
from constructs_lib.watching.told_of_watch import tell_of_silence, tell_of_trail
from tests.support.watch_scene import OTHER_REGION, stack_of, trail_of


def test_the_trail_is_told_where_its_calls_are_events() -> None:
    from aws_cdk import aws_sns as sns  # noqa: PLC0415  # only here

    told = []
    for region in (None, OTHER_REGION):
        stack = stack_of()
        scope = Construct(stack, "Watch")
        outlet = open_outlet(scope, ToTopic(topic=sns.Topic(stack, "News")))
        tell_of_trail(scope, outlet, trail_of(stack, region=region or stack.region))
        told.append([str(each.description) for each in outlet.rules])

    assert told == [["The trail that the watch sees by"], []]


def test_who_silences_it_is_told_in_the_words_of_what_it_watches() -> None:
    from aws_cdk import aws_sns as sns  # noqa: PLC0415  # only here

    stack = stack_of()
    scope = Construct(stack, "Watch")
    outlet = open_outlet(scope, ToTopic(topic=sns.Topic(stack, "News")))

    tell_of_silence(scope, outlet, None, news="secrets")

    assert [each.node.id for each in outlet.rules] == ["Rules", "Means", "TopicItself"]
    said = str(stack.resolve([each.targets for each in outlet.rules]))
    assert said.count("news of secrets may not arrive any more") == 3
    assert "logGroupName" not in str(stack.resolve([each.event_pattern for each in outlet.rules]))
