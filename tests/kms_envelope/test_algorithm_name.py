from aws_encryption_sdk.identifiers import Algorithm

from envelope.format.suites import SUITES
from kms_envelope.algorithm_name import algorithm_name


def test_each_suite_has_the_name_that_the_aws_encryption_sdk_gives_it() -> None:
    assert {suite_id: algorithm_name(suite) for suite_id, suite in SUITES.items()} == {
        algorithm.algorithm_id: algorithm.name for algorithm in Algorithm
    }
