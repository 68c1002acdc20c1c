"""The one user that exists from the start: it makes the other people and runs the CDK CLI."""

from datetime import UTC, datetime

from ministack.services import iam

from local_aws.settings import Settings

ADMINISTRATOR = "administrator"


def create(settings: Settings) -> None:
    """Create the user and give it the access key of the settings and AWS's AdministratorAccess policy."""
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    iam._create_user({"UserName": [ADMINISTRATOR]})
    iam._users[ADMINISTRATOR]["AttachedPolicies"].append("arn:aws:iam::aws:policy/AdministratorAccess")
    iam._access_keys[settings.access_key_id] = {
        "UserName": ADMINISTRATOR,
        "AccessKeyId": settings.access_key_id,
        "SecretAccessKey": settings.secret_access_key,
        "Status": "Active",
        "CreateDate": created,
    }
