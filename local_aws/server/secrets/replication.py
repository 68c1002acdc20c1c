"""A replica is made by who may read the primary and use the key of the other Region.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html
"""

from ministack.services import secretsmanager

from local_aws.server.secrets.encryption import check_replication
from local_aws.server.secrets.records import changeable_record, has_value
from local_aws.server.secrets.registry import Operation, Request, wrap


def extend() -> None:
    """Stand before the operation."""
    wrap("ReplicateSecretToRegions", _replicate)


def _replicate(request: Request, former: Operation) -> Request:
    record = changeable_record(request.get("SecretId"))
    for replica in request.get("AddReplicaRegions") or ():
        arn = secretsmanager._secret_arn_for_region(record, replica["Region"])
        for version_id, version in record["Versions"].items():
            if version["Stages"] and has_value(version):
                check_replication(record, replica["Region"], replica.get("KmsKeyId"), version_id, arn)
    return former(request)
