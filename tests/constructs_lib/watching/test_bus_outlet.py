from aws_cdk import aws_events as events

from constructs_lib.watching.notify import ToBus
from tests.support.outlet_scene import (
    a_rule,
    an_alarm,
    opened,
    synthesised,
)
from tests.support.synthesised import only, resources, written
from tests.support.told_events import ACCOUNT, REGION, matches
from tests.support.watch_scene import OTHER_ACCOUNT, literal, stack_of

OTHER_BUS = f"arn:aws:events:{REGION}:{OTHER_ACCOUNT}:event-bus/security"


def test_a_bus_of_another_account_gets_the_event_itself_by_a_role_for_that_bus() -> None:
    stack = stack_of()
    outlet = opened(stack, ToBus(bus=events.EventBus.from_event_bus_arn(stack, "Bus", OTHER_BUS)))

    a_rule(outlet)

    assert outlet.topic is None
    template = synthesised(stack)
    rules = [each["Properties"] for each in resources(template, "AWS::Events::Rule").values()]
    (role,) = resources(template, "AWS::IAM::Role")
    for rule in rules:
        (target,) = rule["Targets"]
        assert (target["Arn"], target["RoleArn"]) == (OTHER_BUS, {"Fn::GetAtt": [role, "Arn"]})
        assert "InputTransformer" not in target
    properties = written(template["Resources"][role]["Properties"])
    assert properties["AssumeRolePolicyDocument"]["Statement"] == [
        {
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {"aws:SourceArn": f"arn:${{AWS::Partition}}:events:{REGION}:{ACCOUNT}:rule/Orders-*"},
            },
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
        }
    ]
    (policy,) = properties["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {"Action": "events:PutEvents", "Effect": "Allow", "Resource": OTHER_BUS, "Sid": "Send"}
    ]
    queue = only(template, "AWS::SQS::Queue")["Properties"]
    assert queue["SqsManagedSseEnabled"] is True


def test_an_alarm_reaches_a_bus_when_it_rings_and_not_when_it_ends() -> None:
    stack = stack_of()
    alarm = an_alarm(stack)
    opened(stack, ToBus(bus=events.EventBus.from_event_bus_arn(stack, "Bus", OTHER_BUS))).on_alarm(alarm)

    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:Orders"
    (alarm_id,) = (
        name for name in resources(synthesised(stack), "AWS::CloudWatch::Alarm") if not name.startswith("Watch")
    )
    patterns = [
        literal(each["Properties"]["EventPattern"], {f"{alarm_id}.Arn": arn})
        for each in resources(synthesised(stack), "AWS::Events::Rule").values()
    ]
    rings = {
        "version": "0",
        "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": ACCOUNT,
        "time": "2019-10-02T17:04:40Z",
        "region": REGION,
        "resources": [arn],
        "detail": {"alarmName": "Orders", "state": {"value": "ALARM"}},
    }
    assert [matches(each, rings) for each in patterns if each["resources"] == [arn]] == [True]
    ends = {**rings, "detail": {"state": {"value": "OK"}}}
    assert not any(matches(each, ends) for each in patterns if each["resources"] == [arn])
