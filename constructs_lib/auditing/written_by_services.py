"""Buckets into which nobody writes but AWS services that act for themselves, and from which nobody deletes."""

from typing import TYPE_CHECKING

from aws_cdk import aws_iam as iam

from constructs_lib.actions import LEAVE_OBJECTS_AS_THEY_ARE

if TYPE_CHECKING:
    from aws_cdk import aws_s3 as s3

# True for a service that acts by its own principal, as CloudTrail and the access logs of S3 do; false for a person, for
# a role that a service assumes, and for a service that acts in somebody's name; absent where nobody signed.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalisawsservice
_BY_NO_SERVICE = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}


def let_only_services_write(bucket: "s3.Bucket") -> None:
    """Deny everybody else whatever is no reading of objects: to write, delete, lock, unlock, tag and encrypt anew.

    No permission outweighs it, not that of an administrator with every action nor of the root user. It allows a service
    nothing, which the other statements do. The rules for the life of objects are S3's own work, which no policy of a
    bucket stops. What is done to the bucket itself is not denied, or nobody could deploy it: whoever may replace its
    policy can take this statement away, and whoever may change its rules can let objects expire.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html

    Args:
        bucket: The bucket.
    """
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            sid="OnlyServicesWrite",
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            not_actions=list(LEAVE_OBJECTS_AS_THEY_ARE),
            resources=[bucket.arn_for_objects("*")],
            conditions=_BY_NO_SERVICE,
        )
    )
