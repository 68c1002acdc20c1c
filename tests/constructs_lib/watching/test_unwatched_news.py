import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from constructs_lib import EncryptionKey
from constructs_lib.key_watch import KeyWatch
from constructs_lib.watching.notify import NewTopic, ToTopic
from tests.support.synthesised import app_of
from tests.support.watch_scene import messages, stack_of, trail_of

ID = "news-key-unwatched"


def warned(stack: cdk.Stack) -> list[str]:
    app_of(stack).synth()
    return [each for each in messages(stack) if ID in each]


def test_a_news_key_that_nobody_watches_is_announced() -> None:
    stack = stack_of()
    orders, news = (EncryptionKey(stack, name, alias=name.lower()) for name in ("Orders", "News"))

    KeyWatch(stack, "Watch", keys=[orders], trail=trail_of(stack), notify=NewTopic(encryption_key=news))

    (warning,) = warned(stack)
    assert "no KeyWatch that tells under another key watches Orders/News" in warning


def test_two_watches_that_watch_each_others_news_keys_are_quiet() -> None:
    stack = stack_of()
    orders, news, other = (EncryptionKey(stack, name, alias=name.lower()) for name in ("Orders", "News", "Other"))
    trail = trail_of(stack)

    first = KeyWatch(stack, "Watch", keys=[orders, other], trail=trail, notify=NewTopic(encryption_key=news))
    topic = sns.Topic(stack, "Topic", master_key=other)
    KeyWatch(Construct(stack, "Second"), "Watch", keys=[news], trail=trail, notify=ToTopic(topic=topic))

    assert first.topic is not None
    assert warned(stack) == []


def test_news_under_no_known_key_is_quiet() -> None:
    stack = stack_of()
    orders = EncryptionKey(stack, "Orders", alias="orders")

    KeyWatch(stack, "Watch", keys=[orders], trail=trail_of(stack), notify=ToTopic(topic=sns.Topic(stack, "Topic")))

    assert warned(stack) == []
