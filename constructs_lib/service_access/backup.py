"""Backup: encrypted vaults, and the roles that back up what is encrypted."""

from collections.abc import Sequence

from constructs_lib.actions import CREATE_GRANT, DESCRIBE, USE
from constructs_lib.errors import ConfigurationError
from constructs_lib.granted_statements import FOR_AWS_RESOURCES
from constructs_lib.principals import Conditions, merge_conditions, short_digest
from constructs_lib.service_access.resource_names import checked_region
from constructs_lib.service_access.service_use import REGION, VIA_SERVICE, Allowance, ServiceUse

BACKED_UP = ("dynamodb", "ec2", "elasticfilesystem", "rds", "redshift", "s3")
"""The services whose encrypted resources Backup copies, by the first part of `kms:ViaService`."""


def encrypt_vault() -> ServiceUse:
    """Encrypt vaults: Backup lives on a grant that the creator makes.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html
    """
    return ServiceUse(
        title="Backup: a vault",
        page="https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html",
        creator="backup",
    )


def back_up(*, services: Sequence[str] = BACKED_UP, region: str = REGION) -> ServiceUse:
    """Let the roles of backup selections back up and restore what the key encrypts, through its services only.

    The managed policies of such a role give it these actions in IAM, which a key policy that names its users does not
    leave to IAM. Without them a job may succeed and leave the encrypted objects out.
    https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html

    Args:
        services: Those whose resources the key encrypts, of `BACKED_UP`. Default: all of them.
        region: Region of the resources.

    Raises:
        ConfigurationError: If a service is none of them, named twice, or if there is none; if the Region is none.
    """
    if isinstance(services, str) or not services or set(services) - {*BACKED_UP} or len({*services}) < len(services):
        raise ConfigurationError(f"services must be different ones of {', '.join(BACKED_UP)}, got {services!r}")
    where = checked_region("region", region)
    values = tuple(f"{service}.{where}.amazonaws.com" for service in sorted(services))
    through: Conditions = {"StringEquals": {VIA_SERVICE: values}}
    digest = short_digest(through)
    return ServiceUse(
        title="Backup: roles that back up and restore",
        page="https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSBackupServiceRolePolicyForBackup.html",
        running=(
            Allowance(sid=f"Backups{digest}", actions=(*USE, DESCRIBE), conditions=through),
            Allowance(
                sid=f"BackupsGrants{digest}",
                actions=(CREATE_GRANT,),
                conditions=merge_conditions(through, FOR_AWS_RESOURCES),
            ),
        ),
    )
