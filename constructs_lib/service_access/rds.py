"""RDS: storage of databases, also of Aurora, Neptune and DocumentDB clusters."""

from constructs_lib.service_access.service_use import ServiceUse


def encrypt_storage() -> ServiceUse:
    """Encrypt the storage of instances and clusters: RDS lives on a grant that the creator makes.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html
    """
    return ServiceUse(
        title="RDS and Aurora: storage of instances and clusters",
        page="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html",
        creator="rds",
    )
