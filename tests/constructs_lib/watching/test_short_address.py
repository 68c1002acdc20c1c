import re

from constructs import Construct, RootConstruct

from constructs_lib.watching.short_address import short_address


def test_constructs_have_addresses_of_their_own_that_stay() -> None:
    root, again = RootConstruct("Orders"), RootConstruct("Orders")
    one, other, same = Construct(root, "One"), Construct(root, "Other"), Construct(again, "One")

    assert re.fullmatch("[0-9a-f]{8}", short_address(one))
    assert short_address(one) == short_address(same) != short_address(other)
