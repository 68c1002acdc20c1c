import pytest

from local_aws import LocalAws
from local_aws.errors import LocalAwsError

pytestmark = pytest.mark.deploy


def test_refuses_a_command_to_what_has_ended() -> None:
    with LocalAws() as aws:
        pass

    with pytest.raises(LocalAwsError, match="has ended"):
        aws.put_event_of_aws({"Source": "aws.kms", "DetailType": "KMS CMK Rotation", "Detail": {}})
