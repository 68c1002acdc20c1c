"""EBS: encrypted volumes, of instances that somebody launches and of those that Auto Scaling launches."""

import re

from constructs_lib.actions import CREATE_GRANT, DESCRIBE, USE
from constructs_lib.errors import ConfigurationError
from constructs_lib.granted_statements import FOR_AWS_RESOURCES
from constructs_lib.principals import merge_conditions, short_digest
from constructs_lib.service_access.creators import CREATORS
from constructs_lib.service_access.resource_names import checked_account, checked_region
from constructs_lib.service_access.service_use import ACCOUNT, PARTITION, REGION, Allowance, ServiceUse, via

_SERVICE = "ec2"
_SUFFIX = re.compile(r"[\w+=,.@-]{1,30}", re.ASCII)


def encrypt_volumes(*, region: str = REGION) -> ServiceUse:
    """Let callers create, attach and copy encrypted volumes and snapshots, through EC2 only.

    https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html

    Args:
        region: Region of the volumes.

    Raises:
        ConfigurationError: If the Region is none.
    """
    through = via(_SERVICE, checked_region("region", region))
    grants = merge_conditions(through, FOR_AWS_RESOURCES)
    return ServiceUse(
        title="EBS: who creates and attaches volumes",
        page="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html",
        running=(
            Allowance(sid=f"Volumes{short_digest(through)}", actions=CREATORS[_SERVICE].actions, conditions=through),
            Allowance(sid=f"VolumesGrants{short_digest(through)}", actions=(CREATE_GRANT,), conditions=grants),
        ),
        creator=_SERVICE,
    )


def launch_from_auto_scaling(*, role_suffix: str | None = None, account: str = ACCOUNT) -> ServiceUse:
    """Let Auto Scaling launch instances with encrypted volumes.

    It does so in its service-linked role, to which IAM can give nothing: the key policy is the only way. KMS refuses a
    policy that names the role before it exists; `aws iam create-service-linked-role` makes it.
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html

    Args:
        role_suffix: Suffix of a service-linked role of your own; by default it is the account's common one.
        account: Account of the Auto Scaling group.

    Raises:
        ConfigurationError: If the suffix or the account is none.
    """
    if role_suffix is not None and not _SUFFIX.fullmatch(role_suffix):
        raise ConfigurationError(f"role_suffix must be the suffix of a service-linked role, got {role_suffix!r}")
    name = "_".join(filter(None, ("AWSServiceRoleForAutoScaling", role_suffix)))
    where = f"arn:{PARTITION}:iam::{checked_account('account', account)}"
    role = f"{where}:role/aws-service-role/autoscaling.amazonaws.com/{name}"
    digest = short_digest(role)
    return ServiceUse(
        title="EBS: instances that Auto Scaling launches",
        page="https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html",
        running=(
            Allowance(sid=f"AutoScaling{digest}", role=role, actions=(*USE, DESCRIBE)),
            Allowance(
                sid=f"AutoScalingGrants{digest}", role=role, actions=(CREATE_GRANT,), conditions=FOR_AWS_RESOURCES
            ),
        ),
    )
