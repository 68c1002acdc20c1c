"""The choices are those that the handlers know, by the same names."""

from constructs_lib.enveloping.message_settings import AlgorithmSuite, CommitmentPolicy
from envelope.format import suites


def test_each_suite_that_can_be_chosen_is_one_that_is_written() -> None:
    assert {each.value for each in AlgorithmSuite} == {suites.COMMITTING.name, suites.COMMITTING_SIGNED.name}
    assert AlgorithmSuite.COMMITTING_SIGNED.value == suites.COMMITTING_SIGNED.name


def test_each_policy_is_one_of_the_handlers() -> None:
    assert [each.value for each in CommitmentPolicy] == [each.name for each in suites.CommitmentPolicy]
    assert all(each.value == each.name for each in CommitmentPolicy)
