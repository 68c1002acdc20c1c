"""A key has one id, however its ARN is written."""

import pytest

from constructs_lib.enveloping.key_ids import key_id_in


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "${AWS::Partition}"])
@pytest.mark.parametrize("region", ["eu-west-1", "${AWS::Region}"])
def test_the_id_is_what_every_arn_of_a_key_has(partition: str, region: str) -> None:
    assert key_id_in(f"arn:{partition}:kms:{region}:111122223333:key/1234abcd") == "1234abcd"


@pytest.mark.parametrize("text", ["1234abcd", "alias/key/orders", "arn:aws:kms:eu-west-1:111122223333:alias/a", ""])
def test_what_is_no_arn_of_a_key_stays_as_it_is(text: str) -> None:
    assert key_id_in(text) == text
