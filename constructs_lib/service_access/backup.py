"""Backup: encrypted vaults."""

from constructs_lib.service_access.service_use import ServiceUse


def encrypt_vault() -> ServiceUse:
    """Encrypt vaults: Backup lives on a grant that the creator makes.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html
    """
    return ServiceUse(
        title="Backup: a vault",
        page="https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault.html",
        creator="backup",
    )
