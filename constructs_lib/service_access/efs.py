"""EFS: encrypted file systems."""

from constructs_lib.service_access.service_use import ServiceUse


def encrypt_file_system() -> ServiceUse:
    """Encrypt file systems: EFS lives on a grant that the creator makes. Clients need nothing.

    https://docs.aws.amazon.com/efs/latest/ug/EFSKMS.html
    """
    return ServiceUse(
        title="EFS: a file system",
        page="https://docs.aws.amazon.com/efs/latest/ug/EFSKMS.html",
        creator="elasticfilesystem",
    )
