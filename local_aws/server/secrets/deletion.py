"""A secret that has replicas is not deleted before them, and replicas go by an operation of their own.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RemoveRegionsFromReplication.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_StopReplicationToReplica.html
"""

from ministack.services import secretsmanager

from local_aws.server.secrets.errors import SecretsError
from local_aws.server.secrets.records import Record, changeable_record, existing_record, usable_record
from local_aws.server.secrets.registry import Operation, Request, add, wrap


def extend() -> None:
    """Stand before the operation, and add those that ministack lacks."""
    wrap("DeleteSecret", _delete)
    add("RemoveRegionsFromReplication", _remove)
    add("StopReplicationToReplica", _stop)


def _delete(request: Request, former: Operation) -> Request:
    record = existing_record(request.get("SecretId"))
    regions = sorted(status["Region"] for status in record.get("ReplicationStatus") or ())
    if regions:
        text = f"You can't delete secret {record['Name']} that still has replica regions [{', '.join(regions)}]"
        raise SecretsError("InvalidRequestException", text)
    return former(request)


def _remove(request: Request) -> Request:
    record = changeable_record(request.get("SecretId"))
    gone = request.get("RemoveReplicaRegions") or ()
    kept = [status for status in record["ReplicationStatus"] if status["Region"] not in gone]
    record["ReplicationStatus"] = [status for status in record["ReplicationStatus"] if status["Region"] in gone]
    secretsmanager._delete_replicas(record)
    record["ReplicationStatus"] = kept
    return {"ARN": record["ARN"], "ReplicationStatus": kept}


def _stop(request: Request) -> Request:
    replica: Record = usable_record(request.get("SecretId"))
    if not secretsmanager._is_replica(replica):
        raise SecretsError("InvalidRequestException", "You can perform this operation only on a replica secret.")
    secretsmanager._unlink_from_primary(replica)
    replica |= {"_PrimarySecretArn": None, "_PrimaryRegion": None}
    return {"ARN": replica["ARN"]}
