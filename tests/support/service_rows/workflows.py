"""What is meant by the uses of Step Functions and of Route 53."""

from constructs_lib.service_access import route53, step_functions
from tests.support.action_words import SIGNING_WORDS
from tests.support.service_row import ANOTHER_RESOURCE, CALLER, Rule, ServiceRow

_MACHINE = {"kms:EncryptionContext:aws:states:stateMachineArn": "arn:{P}:states:{R}:{A}:stateMachine:orders"}
_ACTIVITY = {"kms:EncryptionContext:aws:states:activityArn": "arn:{P}:states:{R}:{A}:activity:approve"}
_NAMED = {"state_machine_name": "orders"}
_SIGNER = "dnssec-route53.amazonaws.com"
_ZONE = {"aws:SourceAccount": "{A}", "aws:SourceArn": "arn:{P}:route53:::hostedzone/Z1A2B3"}

ROWS = (
    ServiceRow(step_functions.run_state_machine, _NAMED, (Rule(CALLER, "Decrypt GenerateDataKey", _MACHINE),)),
    ServiceRow(
        step_functions.read_executions,
        _NAMED,
        (Rule(CALLER, "Decrypt", {"kms:ViaService": "states.{R}.amazonaws.com", **_MACHINE}),),
    ),
    ServiceRow(
        step_functions.run_activity,
        {"activity_name": "approve"},
        (Rule(CALLER, "Decrypt GenerateDataKey", _ACTIVITY),),
    ),
    ServiceRow(
        step_functions.write_logs,
        {},
        (Rule(CALLER, "GenerateDataKey", {"kms:EncryptionContext:SourceArn": "arn:{P}:logs:{R}:{A}:*"}),),
    ),
    ServiceRow(
        step_functions.deliver_logs,
        {},
        (Rule("delivery.logs.amazonaws.com", "Decrypt"),),
        blind_to={ANOTHER_RESOURCE: "AWS documents no condition"},
    ),
    ServiceRow(
        route53.sign_zone,
        {"hosted_zone_id": "Z1A2B3"},
        (
            Rule(_SIGNER, "DescribeKey GetPublicKey Sign", _ZONE),
            Rule(_SIGNER, "CreateGrant", {**_ZONE, "kms:GrantIsForAWSResource": "true"}),
        ),
        words=SIGNING_WORDS,
    ),
)
