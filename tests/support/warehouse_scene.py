"""The app of the warehouse on an embedded AWS: whoever uses its secrets, and what is left after a rotation."""

import json
import time
from functools import cache
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local_aws import LocalAws
from tests.support.deployed_assembly import deploy_assembly
from tests.support.warehouse import Warehouse
from tests.support.warehouse_app import HERE, KINDS, warehouse_app


class WarehouseScene:
    """Everything, with values that the warehouse accepts.

    Attributes:
        aws: The embedded AWS.
        warehouse: The service.
        place: The outputs of the stack.
        known: Every value that a secret had.
    """

    def __init__(self, aws: LocalAws, warehouse: Warehouse, folder: Path) -> None:
        """Deploy it.

        Args:
            aws: Where.
            warehouse: The service.
            folder: An empty one, for the assembly.
        """
        self.aws, self.warehouse, self.folder = aws, warehouse, folder
        self.place = deploy_assembly(aws, warehouse_app(folder, account=aws.account, url=warehouse.url))["Warehouse"]
        self.known: set[str] = set()
        self._trail = aws.session().client("cloudtrail")
        self.as_ = cache(self._as)
        for kind in KINDS:
            self.wait(kind, 1, "TestRotationSucceeded", "TestRotationFailed")
        for key in ("the-first-key-of-all", "the-second-key"):
            self.as_("Writer").put_secret_value(SecretId=self.place["KeyArn"], SecretString=key)
            warehouse.register(key)
            self.known.add(key)
        for name in ("One", "Two", "Admin"):
            warehouse.register(self.value(name))

    def _as(self, person: str, region: str = HERE) -> Any:
        credentials = self.aws.assume(self.place[f"{person}Role"])
        return self.aws.session(credentials).client("secretsmanager", region_name=region)

    def value(self, kind: str, stage: str = "AWSCURRENT") -> str:
        """Read a secret as its reader."""
        arn = self.place[f"{kind}Arn"]
        found = str(self.as_("Reader").get_secret_value(SecretId=arn, VersionStage=stage)["SecretString"])
        self.known.add(found)
        return found

    def labels(self, kind: str) -> dict[str, list[str]]:
        """Say which labels each version has."""
        found = self.as_("Reader").describe_secret(SecretId=self.place[f"{kind}Arn"])
        return {version: sorted(labels) for version, labels in found["VersionIdsToStages"].items()}

    def records(self, **looked_up: str) -> list[dict[str, Any]]:
        """Return what is on record.

        Args:
            looked_up: The attribute that the records have, such as `EventName`; all records unless told.
        """
        attributes: Any = [{"AttributeKey": key, "AttributeValue": value} for key, value in looked_up.items()]
        pages = self._trail.get_paginator("lookup_events").paginate(LookupAttributes=attributes)
        # A page begins where it would have begun before what came meanwhile.
        found = {each["EventId"]: each["CloudTrailEvent"] for page in pages for each in page["Events"]}
        return [json.loads(each) for each in found.values()]

    def told(self, kind: str, name: str) -> int:
        """Count how often Secrets Manager said something of a secret by itself.

        Args:
            kind: Which secret.
            name: The name of the event.
        """
        about = {"SecretId": self.place[f"{kind}Arn"]}
        return sum(each["additionalEventData"] == about for each in self.records(EventName=name))

    def rotate(self, kind: str, *, ends: str = "Succeeded") -> str:
        """Have a secret rotated, from the beginning or from where the last rotation ended, and wait for the end.

        Args:
            kind: Which secret.
            ends: How it is to end: `Succeeded` or `Failed`.

        Returns:
            The version that the rotation made or was to make.
        """
        name = f"Rotation{ends}"
        before = self.told(kind, name)
        pending = [version for version, labels in self.labels(kind).items() if "AWSPENDING" in labels]
        try:
            made = str(self.as_("Administrator").rotate_secret(SecretId=self.place[f"{kind}Arn"])["VersionId"])
        except ClientError as error:
            if "That rotation will be reattempted" not in str(error):
                raise
            (made,) = pending
        self.wait(kind, before + 1, name)
        return made

    def wait(self, kind: str, number: int, *names: str) -> None:
        """Wait until Secrets Manager told so many events of a secret.

        Args:
            kind: Which secret.
            number: How many.
            names: Any of these.
        """
        deadline = time.monotonic() + 20
        while sum(self.told(kind, name) for name in names) < number:
            assert time.monotonic() < deadline, (names, self.logs()[-9:])
            time.sleep(0.02)

    def logs(self) -> list[str]:
        """Return every line that the functions logged."""
        client = self.aws.session().client("logs")
        groups = [name for key, name in self.place.items() if key.endswith("Logs")]
        pages = [client.filter_log_events(logGroupName=group)["events"] for group in groups]
        return [each["message"] for page in pages for each in page]
