"""AuditQueries: the questions that an auditor asks of a trail, ready to be asked in Athena."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import aws_cdk as cdk
from aws_cdk import aws_athena as athena
from constructs import Construct

from constructs_lib.auditing.access_logs import check_access_logs
from constructs_lib.auditing.catalogue import define_database, define_table
from constructs_lib.auditing.database_name import check_database_name, check_name_is_free, claim_database_name
from constructs_lib.auditing.named_readers import check_of_account, check_readers
from constructs_lib.auditing.query_keys import read_query_keys
from constructs_lib.auditing.query_readers import Asking
from constructs_lib.auditing.record_scope import check_scope
from constructs_lib.auditing.results_bucket import RESULTS, results_bucket
from constructs_lib.auditing.saved_queries.all_queries import all_queries
from constructs_lib.auditing.searched_logs import searched_logs
from constructs_lib.auditing.whole_days import whole_days
from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.given_resources import spoken

if TYPE_CHECKING:
    from aws_cdk import aws_glue as glue
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

    from constructs_lib.auditing.saved_query import SavedQuery
    from constructs_lib.wiring.recorded_trail import RecordedTrail

# https://docs.aws.amazon.com/athena/latest/ug/workgroups-setting-control-limits-cloudwatch.html
_SCANNED_BYTES_LEAST = 10_000_000
_GIB = 1024**3
_A_MONTH, _THREE_MONTHS, _A_YEAR = (cdk.Duration.days(days) for days in (30, 90, 365))
_ENGINE = "Athena engine version 3"


class AuditQueries(Construct):
    """Who used this key, who was refused, what changed, which keys lie idle: asked of a trail with Athena.

    A workgroup whose settings nobody overrides: results under their own key in a bucket of their own, for some days,
    and a limit to what one query reads. A table over the trail's log files, whose partitions Athena works out for
    itself, so that nothing has to be kept up to date. And the questions, each a saved query for people and a prepared
    statement for programs. Every one says which days it reads.
    https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html

    Attributes:
        workgroup: The workgroup, of the name of the database.
        database: The database.
        table: The table of records.
        results: The bucket of results.
        readers_policy: What readers may do, to be attached to whomever cannot be named here.
        queries: The questions, by name.

    Examples:
        >>> from datetime import date
        >>> from aws_cdk import aws_kms as kms
        >>> from aws_cdk import aws_s3 as s3
        >>> from constructs_lib.existing_trail import ExistingTrail
        >>> stack = cdk.Stack(cdk.App(), "Audit", env=cdk.Environment(account="111122223333", region="eu-west-1"))
        >>> queries = AuditQueries(
        ...     stack,
        ...     "Queries",
        ...     trail=ExistingTrail(
        ...         trail_arn="arn:aws:cloudtrail:eu-west-1:111122223333:trail/main",
        ...         bucket=s3.Bucket.from_bucket_name(stack, "Logs", "main-trail-logs"),
        ...         encryption_key=kms.Key(stack, "TrailKey"),
        ...     ),
        ...     results_key=kms.Key(stack, "ResultsKey"),
        ...     since=date(2026, 1, 1),
        ... )
        >>> sorted(queries.queries)[:3]
        ['changes_to_keys', 'keys_not_used', 'what_a_principal_did']
    """

    workgroup: athena.CfnWorkGroup
    database: "glue.CfnDatabase"
    table: "glue.CfnTable"
    results: "s3.Bucket"
    readers_policy: "iam.ManagedPolicy"
    queries: "dict[str, SavedQuery]"

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        trail: "RecordedTrail",
        results_key: "kms.IKey",
        since: date,
        keys: "Sequence[kms.IKey]" = (),
        accounts: Sequence[str] = (),
        regions: Sequence[str] = (),
        readers: "Sequence[iam.IGrantable]" = (),
        access_logs: "s3.IBucket | None" = None,
        database_name: str = "audit_trail",
        unused_for: cdk.Duration = _THREE_MONTHS,
        seen_within: cdk.Duration = _A_YEAR,
        results_kept_for: cdk.Duration = _A_MONTH,
        bytes_scanned_per_query_max: int = 100 * _GIB,
    ) -> None:
        """Define workgroup, table, queries, and the policy of those who ask.

        Args:
            scope: The construct that owns them.
            construct_id: Name within `scope`.
            trail: The trail: `AuditTrail`, or `ExistingTrail`, with its log files in the Region of the stack. Readers
                may decrypt them under its `encryption_key`.
            results_key: The key of the results.
            since: The first day that can be asked about. An early one costs nothing by itself: queries name their days
                and look up no others. A query of yours that names none looks up, and pays for, each day since then.
            keys: Keys that are reported as unused even if the record does not mention them. Default: only those that
                it mentions.
            accounts: Accounts whose records are asked: one or more for the trail of an organization, whose accounts
                nothing here knows. Default: the trail's own.
            regions: Regions whose records are asked; without us-east-1 what happens in IAM is not seen. Default: those
                that the trail records. Each combination of account, Region and day is looked at, so fewer are faster.
            readers: Who may ask, of the account of the stack, and read the log files of the trail. Default: nobody
                here.
            access_logs: The bucket in which S3 writes down who reads results, such as that of the trail. Default: one
                of its own.
            database_name: What database and workgroup are called; synthesis fails if the app has another one of either
                that is called so in the same account and Region.
            unused_for: For how long a key was not used that is reported. Default: 90 days.
            seen_within: How far back keys and their last use are looked for. Default: 365 days.
            results_kept_for: After how many days results expire. Default: 30 days.
            bytes_scanned_per_query_max: How much one query reads before Athena stops it, 10,000,000 bytes or more.
                Default: 100 GiB.

        Raises:
            ConfigurationError: If the trail, its accounts, Regions or first day are not such, the log files, a key or
                the bucket of access logs is in another Region, a key cannot encrypt, the name is taken or is none, a
                reader is nobody whom a key policy can name, or a number is out of range.
        """
        check_scope(scope)
        files = searched_logs(scope, trail, accounts=accounts, regions=regions, since=since)
        read = read_query_keys(scope, trail, results_key=results_key, keys=keys)
        asking = check_readers(readers)
        check_of_account(scope, asking)
        if access_logs is not None:
            check_access_logs(scope, access_logs)
        kept_days = whole_days("results_kept_for", results_kept_for)
        unused_days, seen_days = _checked_days(unused_for, seen_within)
        _check_scanned(bytes_scanned_per_query_max)
        claim_database_name(scope, construct_id, name=check_database_name(database_name))
        super().__init__(scope, construct_id)
        check_name_is_free(self, name=database_name)
        self.results = results_bucket(
            self, encryption_key=read.of_results, access_logs=access_logs, kept_days=kept_days
        )
        self.database = define_database(self, name=database_name)
        self.table = define_table(self, database=self.database, files=files)
        self.workgroup = self._workgroup(database_name, read.of_results, bytes_scanned_per_query_max)
        self.queries = {
            each.name: each
            for each in all_queries(
                database_name,
                key_arns=[key.key_arn for key in read.asked_about],
                unused_days=unused_days,
                seen_days=seen_days,
            )
        }
        self._save(self.queries.values())
        self.readers_policy = Asking(
            workgroup=database_name,
            database=database_name,
            logs=trail.bucket,
            folder=files.folder,
            logs_key=read.of_logs,
            results=self.results,
            results_key=read.of_results,
        ).policy(self, asking)

    def _workgroup(self, name: str, results_key: "kms.IKey", bytes_scanned_max: int) -> athena.CfnWorkGroup:
        return athena.CfnWorkGroup(
            self,
            "Workgroup",
            name=name,
            description="Questions about the record of a trail",
            state="ENABLED",
            # Its saved queries go with it anyway; what was asked once would keep it from going.
            recursive_delete_option=True,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=True,
                requester_pays_enabled=False,
                bytes_scanned_cutoff_per_query=bytes_scanned_max,
                engine_version=athena.CfnWorkGroup.EngineVersionProperty(selected_engine_version=_ENGINE),
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    output_location=f"s3://{self.results.bucket_name}/{RESULTS}",
                    expected_bucket_owner=cdk.Stack.of(self).account,
                    encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                        encryption_option="SSE_KMS", kms_key=results_key.key_arn
                    ),
                ),
            ),
        )

    def _save(self, queries: "Iterable[SavedQuery]") -> None:
        """Save each query where people look for it, and prepare it so that values go into it without being SQL.

        https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html
        """
        for each in queries:
            construct_id = each.name.title().replace("_", "")
            saved = athena.CfnNamedQuery(
                self,
                f"Query{construct_id}",
                name=each.name,
                description=each.description,
                database=self.database.ref,
                query_string=each.sql,
                work_group=self.workgroup.ref,
            )
            prepared = athena.CfnPreparedStatement(
                self,
                f"Statement{construct_id}",
                statement_name=each.name,
                description=each.description,
                query_statement=each.sql,
                work_group=self.workgroup.ref,
            )
            for resource in (saved, prepared):
                resource.node.add_dependency(self.table)


def _checked_days(unused_for: cdk.Duration, seen_within: cdk.Duration) -> tuple[int, int]:
    unused, seen = whole_days("unused_for", unused_for), whole_days("seen_within", seen_within)
    if seen < unused:
        raise ConfigurationError(
            f"seen_within must be at least as long as unused_for, {unused} days, got {seen}: a use before that would "
            "be taken for none"
        )
    return unused, seen


def _check_scanned(bytes_max: int) -> None:
    if not isinstance(bytes_max, int) or isinstance(bytes_max, bool) or bytes_max < _SCANNED_BYTES_LEAST:
        raise ConfigurationError(
            f"bytes_scanned_per_query_max must be {_SCANNED_BYTES_LEAST:,} or more, got {spoken(bytes_max)}"
        )
