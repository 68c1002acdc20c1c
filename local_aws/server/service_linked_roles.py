"""Service-linked roles have the names that AWS gives them, which key policies name; ministack guesses.

https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html
"""

from typing import Any

from ministack.services import iam

_NAMES = {
    "autoscaling.amazonaws.com": "AWSServiceRoleForAutoScaling",
    "backup.amazonaws.com": "AWSServiceRoleForBackup",
    "elasticfilesystem.amazonaws.com": "AWSServiceRoleForAmazonElasticFileSystem",
    "mrk.kms.amazonaws.com": "AWSServiceRoleForKeyManagementServiceMultiRegionKeys",
    "rds.amazonaws.com": "AWSServiceRoleForRDS",
    "replication.dynamodb.amazonaws.com": "AWSServiceRoleForDynamoDBReplication",
}

_create_as_ministack = iam._create_service_linked_role


def extend() -> None:
    """Name them as AWS does."""
    iam._IAM_HANDLERS["CreateServiceLinkedRole"] = _create


def _create(parameters: dict[str, Any]) -> Any:  # noqa: ANN401  # ministack's response
    service, suffix = iam._p(parameters, "AWSServiceName"), iam._p(parameters, "CustomSuffix")
    if service not in _NAMES:
        return _create_as_ministack(parameters)
    name = f"{_NAMES[service]}_{suffix}" if suffix else _NAMES[service]
    if name in iam._roles:
        return iam._error(400, "InvalidInput", f"Service role name {name} has been taken in this account.", ns="iam")
    guessed = f"AWSServiceRoleFor{service.partition('.')[0].capitalize()}"
    _create_as_ministack(parameters)
    role = iam._roles.pop(guessed)
    iam._roles[name] = {**role, "RoleName": name, "Arn": role["Arn"].replace(guessed, name)}
    answer = f"<CreateServiceLinkedRoleResult><Role>{iam._role_xml(name)}</Role></CreateServiceLinkedRoleResult>"
    return iam._xml(200, "CreateServiceLinkedRoleResponse", answer, ns="iam")
