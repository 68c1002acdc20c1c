"""The table of a trail's log files: columns, partitions that Athena works out for itself, and where the files are."""

from dataclasses import dataclass
from datetime import date

from constructs_lib.auditing.log_prefix import LOGS

TABLE = "cloudtrail_logs"

# https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
_USER_IDENTITY = (
    "struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,"
    "username:string,onbehalfof:struct<userid:string,identitystorearn:string>,"
    "sessioncontext:struct<attributes:struct<mfaauthenticated:string,creationdate:string>,"
    "sessionissuer:struct<type:string,principalid:string,arn:string,accountid:string,username:string>,"
    "ec2roledelivery:string,"
    "webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>>"
)
_TEXT = "string"

COLUMNS = {
    "eventversion": _TEXT,
    "useridentity": _USER_IDENTITY,
    "eventtime": _TEXT,
    "eventsource": _TEXT,
    "eventname": _TEXT,
    "awsregion": _TEXT,
    "sourceipaddress": _TEXT,
    "useragent": _TEXT,
    "errorcode": _TEXT,
    "errormessage": _TEXT,
    "requestparameters": _TEXT,
    "responseelements": _TEXT,
    "additionaleventdata": _TEXT,
    "requestid": _TEXT,
    "eventid": _TEXT,
    "readonly": _TEXT,
    "resources": "array<struct<arn:string,accountid:string,type:string>>",
    "eventtype": _TEXT,
    "apiversion": _TEXT,
    "recipientaccountid": _TEXT,
    "serviceeventdetails": _TEXT,
    "sharedeventid": _TEXT,
    "vpcendpointid": _TEXT,
    "vpcendpointaccountid": _TEXT,
    "eventcategory": _TEXT,
    "addendum": "struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>",
    "sessioncredentialfromconsole": _TEXT,
    "edgedevicedetails": _TEXT,
    "tlsdetails": "struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>",
}
"""Name to type of Hive, as on AWS's page. What is JSON inside of a record, such as its request parameters, is text.

https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
"""

PARTITIONS = {"account": _TEXT, "region": _TEXT, "day": _TEXT}
"""What a query says of the files that it reads. A day is written `2026/11/22`, as in their keys."""

SERIALIZATION = "org.apache.hive.hcatalog.data.JsonSerDe"
INPUT_FORMAT = "com.amazon.emr.cloudtrail.CloudTrailInputFormat"
OUTPUT_FORMAT = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"


@dataclass(frozen=True, kw_only=True)
class LogFiles:
    """Which log files a table reads.

    Attributes:
        bucket_name: Where they are.
        prefix: What stands before `AWSLogs/` in their keys, with a slash at its end, or nothing.
        organization_id: Of which organization the trail is; None for that of an account.
        accounts: Of which accounts.
        regions: Of which Regions.
        since: From which day on.
    """

    bucket_name: str
    prefix: str
    organization_id: str | None
    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    since: date

    @property
    def folder(self) -> str:
        """How the keys of all of them begin.

        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html

        Examples:
            >>> files = LogFiles(bucket_name="logs", prefix="audit/", organization_id="o-a1b2c3d4e5",
            ...     accounts=("111122223333",), regions=("eu-west-1",), since=date(2026, 1, 1))
            >>> files.folder
            'audit/AWSLogs/o-a1b2c3d4e5/'
        """
        organization = f"{self.organization_id}/" if self.organization_id else ""
        return f"{self.prefix}{LOGS}{organization}"

    @property
    def location(self) -> str:
        """The place of the table."""
        return f"s3://{self.bucket_name}/{self.folder}"

    def properties(self) -> dict[str, str]:
        """Return the table's properties: partition projection, so that no partition is ever added by hand.

        Log files in an archive of S3 Glacier are skipped without a word; those that were restored from it are read.
        https://docs.aws.amazon.com/athena/latest/ug/partition-projection-setting-up.html
        https://docs.aws.amazon.com/athena/latest/ug/querying-glacier.html
        """
        return {
            "classification": "cloudtrail",
            "EXTERNAL": "TRUE",
            "read_restored_glacier_objects": "true",
            "projection.enabled": "true",
            "projection.account.type": "enum",
            "projection.account.values": ",".join(self.accounts),
            "projection.region.type": "enum",
            "projection.region.values": ",".join(self.regions),
            "projection.day.type": "date",
            "projection.day.format": "yyyy/MM/dd",
            "projection.day.range": f"{self.since:%Y/%m/%d},NOW",
            "projection.day.interval": "1",
            "projection.day.interval.unit": "DAYS",
            "storage.location.template": f"{self.location}${{account}}/CloudTrail/${{region}}/${{day}}",
        }
