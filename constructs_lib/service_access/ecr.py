"""ECR: encrypted repositories."""

from constructs_lib.service_access.service_use import ServiceUse


def encrypt_repository() -> ServiceUse:
    """Encrypt repositories: ECR lives on two grants that the creator makes, and retires them with the repository.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html
    """
    return ServiceUse(
        title="ECR: a repository",
        page="https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html",
        creator="ecr",
    )
