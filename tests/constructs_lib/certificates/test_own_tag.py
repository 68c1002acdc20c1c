import re

import aws_cdk as cdk
from constructs import Construct

from constructs_lib.certificates.own_tag import TAG, only_new_as_own, only_own, own_tag_value

# https://docs.aws.amazon.com/acm/latest/userguide/tags-restrictions.html
TAKEN = re.compile(r"[\w .:/=+@-]{1,256}")


def test_every_certificate_has_a_value_of_its_own_and_keeps_it() -> None:
    app = cdk.App(analytics_reporting=False)
    stacks = [cdk.Stack(app, name) for name in ("Shop", "Bank")]

    values = [own_tag_value(Construct(stack, name)) for stack in stacks for name in ("One", "Two")]

    assert len(set(values)) == len(values)
    assert values[0] == "Shop/ShopOne7DDF4FF6"


def test_the_longest_names_are_taken() -> None:
    app = cdk.App(analytics_reporting=False)
    scope: Construct = cdk.Stack(app, "S" * 128)
    for _ in range(9):
        scope = Construct(scope, "C" * 200)

    assert TAKEN.fullmatch(own_tag_value(scope))
    assert TAKEN.fullmatch(TAG)


def test_what_is_another_s_by_its_tags_is_neither_made_nor_tagged_nor_ended() -> None:
    made = only_new_as_own("Shop/One")

    assert (
        made["StringEqualsIfExists"] == only_own("Shop/One")["StringEquals"] == {f"aws:ResourceTag/{TAG}": "Shop/One"}
    )
    assert made["Null"] == {"aws:ResourceTag/aws:cloudformation:stack-id": "true"}
    assert made["StringEquals"] == {f"aws:RequestTag/{TAG}": "Shop/One"}
    assert made["ForAllValues:StringEquals"] == {"aws:TagKeys": [TAG]}
