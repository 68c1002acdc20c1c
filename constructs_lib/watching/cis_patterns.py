"""CisRecords: the metric filters of section 4 of the CIS AWS Foundations Benchmark, as AWS publishes them.

To the last space, since Security Hub compares them.
https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class CisRecords:
    """The records of one control.

    Attributes:
        what: What happened.
        pattern: The metric filter.
        look_for: What finds the records, short enough for a person. It may find more than was counted.
    """

    what: str
    pattern: str
    look_for: str


def _call(*calls: str) -> str:
    return f"{{{_any_of(calls)}}}"


def _call_to(service: str, *calls: str) -> str:
    return f"{{($.eventSource={service}.amazonaws.com) && ({_any_of(calls)})}}"


def _any_of(calls: tuple[str, ...]) -> str:
    return " || ".join(f"($.eventName={call})" for call in calls)


def _organization_call(*calls: str) -> str:
    # With quotation marks and spaces, as CIS writes it; AWS publishes none, since Security Hub has no such control.
    names = " || ".join(f'($.eventName = "{call}")' for call in calls)
    return f"{{ ($.eventSource = organizations.amazonaws.com) && ({names}) }}"


CIS_PATTERNS: Mapping[str, CisRecords] = {
    "4.1": CisRecords(
        what="calls were refused for want of permission",
        pattern='{($.errorCode="*UnauthorizedOperation") || ($.errorCode="AccessDenied*")}',
        look_for='$.errorCode = "*UnauthorizedOperation" || $.errorCode = "AccessDenied*"',
    ),
    "4.2": CisRecords(
        what="an IAM user signed in to the console without a second factor",
        pattern=(
            '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && '
            '($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }'
        ),
        look_for='$.eventName = "ConsoleLogin" && $.userIdentity.type = "IAMUser"',
    ),
    "4.3": CisRecords(
        what="the root user was used, whom no policy of the account limits",
        pattern=(
            '{$.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType !="AwsServiceEvent"}'
        ),
        look_for='$.userIdentity.type = "Root"',
    ),
    "4.4": CisRecords(
        what="an IAM policy was changed, attached or detached",
        pattern=_call_to(
            "iam",
            "DeleteGroupPolicy",
            "DeleteRolePolicy",
            "DeleteUserPolicy",
            "PutGroupPolicy",
            "PutRolePolicy",
            "PutUserPolicy",
            "CreatePolicy",
            "DeletePolicy",
            "CreatePolicyVersion",
            "DeletePolicyVersion",
            "AttachRolePolicy",
            "DetachRolePolicy",
            "AttachUserPolicy",
            "DetachUserPolicy",
            "AttachGroupPolicy",
            "DetachGroupPolicy",
        ),
        look_for='$.eventSource = "iam.amazonaws.com" && $.eventName != "Get*" && $.eventName != "List*"',
    ),
    "4.5": CisRecords(
        what="a trail was made, changed, deleted, started or stopped",
        pattern=_call("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging"),
        look_for='$.eventName = "*Trail" || $.eventName = "*Logging"',
    ),
    "4.6": CisRecords(
        what="somebody failed to sign in to the console",
        pattern='{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
        look_for='$.eventName = "ConsoleLogin" && $.errorMessage = "Failed authentication"',
    ),
    "4.7": CisRecords(
        what="a key was disabled or scheduled for deletion, and what it encrypts cannot be read",
        pattern=_call_to("kms", "DisableKey", "ScheduleKeyDeletion"),
        look_for='$.eventName = "DisableKey" || $.eventName = "ScheduleKeyDeletion"',
    ),
    "4.8": CisRecords(
        what="who may use a bucket was changed, or its life cycle or replication",
        pattern=_call_to(
            "s3",
            "PutBucketAcl",
            "PutBucketPolicy",
            "PutBucketCors",
            "PutBucketLifecycle",
            "PutBucketReplication",
            "DeleteBucketPolicy",
            "DeleteBucketCors",
            "DeleteBucketLifecycle",
            "DeleteBucketReplication",
        ),
        look_for='$.eventSource = "s3.amazonaws.com" && ($.eventName = "PutBucket*" || $.eventName = "DeleteBucket*")',
    ),
    "4.9": CisRecords(
        what="AWS Config was stopped, or its recorder or delivery changed",
        pattern=_call_to(
            "config",
            "StopConfigurationRecorder",
            "DeleteDeliveryChannel",
            "PutDeliveryChannel",
            "PutConfigurationRecorder",
        ),
        look_for='$.eventName = "*DeliveryChannel" || $.eventName = "*ConfigurationRecorder"',
    ),
    "4.10": CisRecords(
        what="a security group was changed",
        pattern=_call(
            "AuthorizeSecurityGroupIngress",
            "AuthorizeSecurityGroupEgress",
            "RevokeSecurityGroupIngress",
            "RevokeSecurityGroupEgress",
            "CreateSecurityGroup",
            "DeleteSecurityGroup",
        ),
        look_for='$.eventName = "*SecurityGroup*" && $.eventName != "Describe*"',
    ),
    "4.11": CisRecords(
        what="a network access control list was changed",
        pattern=_call(
            "CreateNetworkAcl",
            "CreateNetworkAclEntry",
            "DeleteNetworkAcl",
            "DeleteNetworkAclEntry",
            "ReplaceNetworkAclEntry",
            "ReplaceNetworkAclAssociation",
        ),
        look_for='$.eventName = "*NetworkAcl*" && $.eventName != "Describe*"',
    ),
    "4.12": CisRecords(
        what="a gateway to another network was changed",
        pattern=_call(
            "CreateCustomerGateway",
            "DeleteCustomerGateway",
            "AttachInternetGateway",
            "CreateInternetGateway",
            "DeleteInternetGateway",
            "DetachInternetGateway",
        ),
        look_for='$.eventName = "*CustomerGateway" || $.eventName = "*InternetGateway"',
    ),
    "4.13": CisRecords(
        what="a route table was changed",
        pattern=_call_to(
            "ec2",
            "CreateRoute",
            "CreateRouteTable",
            "ReplaceRoute",
            "ReplaceRouteTableAssociation",
            "DeleteRouteTable",
            "DeleteRoute",
            "DisassociateRouteTable",
        ),
        look_for='$.eventSource = "ec2.amazonaws.com" && $.eventName = "*Route*" && $.eventName != "Describe*"',
    ),
    "4.14": CisRecords(
        what="a VPC or a peering between VPCs was changed",
        pattern=_call(
            "CreateVpc",
            "DeleteVpc",
            "ModifyVpcAttribute",
            "AcceptVpcPeeringConnection",
            "CreateVpcPeeringConnection",
            "DeleteVpcPeeringConnection",
            "RejectVpcPeeringConnection",
            "AttachClassicLinkVpc",
            "DetachClassicLinkVpc",
            "DisableVpcClassicLink",
            "EnableVpcClassicLink",
        ),
        look_for='$.eventSource = "ec2.amazonaws.com" && $.eventName = "*Vpc*" && $.eventName != "Describe*"',
    ),
    "4.15": CisRecords(
        what="the organization was changed: its accounts, units or policies",
        pattern=_organization_call(
            "AcceptHandshake",
            "AttachPolicy",
            "CreateAccount",
            "CreateOrganizationalUnit",
            "CreatePolicy",
            "DeclineHandshake",
            "DeleteOrganization",
            "DeleteOrganizationalUnit",
            "DeletePolicy",
            "DetachPolicy",
            "DisablePolicyType",
            "EnablePolicyType",
            "InviteAccountToOrganization",
            "LeaveOrganization",
            "MoveAccount",
            "RemoveAccountFromOrganization",
            "UpdatePolicy",
            "UpdateOrganizationalUnit",
        ),
        look_for=(
            '$.eventSource = "organizations.amazonaws.com" && $.eventName != "Describe*" && $.eventName != "List*"'
        ),
    ),
}
"""Number in version 1.4 of the benchmark to its records."""
