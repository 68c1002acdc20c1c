"""What is meant by the uses that record: trails, log groups, deliveries."""

from constructs_lib.service_access import aws_config, cloudtrail, cloudwatch_logs, log_delivery
from tests.support.service_row import ANOTHER_ACCOUNT, ANOTHER_RESOURCE, CALLER, AnyValue, Rule, ServiceRow

_TRAIL = "arn:{P}:cloudtrail:{R}:{A}:trail/main"
_OF_THE_ACCOUNT = (_TRAIL, "arn:{P}:cloudtrail:{R}:{A}:trail/mainx", "arn:{P}:cloudtrail:us-east-1:{A}:trail/main")
_CONTEXT = "kms:EncryptionContext:aws:cloudtrail:arn"
_WRITES = (
    Rule("cloudtrail.amazonaws.com", "GenerateDataKey", {"aws:SourceArn": _TRAIL, _CONTEXT: _OF_THE_ACCOUNT}),
    Rule("cloudtrail.amazonaws.com", "DescribeKey", {"aws:SourceArn": _TRAIL}),
)
