"""An app with all that the library offers for envelope encryption, on buckets and queues under a key of their own."""

from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from aws_cdk import cx_api
from constructs import Construct

from constructs_lib import (
    Batches,
    Direction,
    EncryptionKey,
    EncryptOnArrival,
    EnvelopeEncryption,
    EnvelopeReencryption,
    Lifecycle,
    RecordEncryption,
)
from tests.conftest import FLAGS

CONTEXT = {"tenant": "blue"}
"""The encryption context of whatever arrives, and of records."""

_TIMEOUT = cdk.Duration.seconds(20)
_ENVIRONMENTS = 1  # of each function that a queue or a stream feeds: starting one takes most of a second


class EnvelopesStack(cdk.Stack):
    """Keys, buckets and functions; a person who uses them, and one who decrypts without them."""

    def __init__(self, app: cdk.App) -> None:
        """Define them."""
        super().__init__(app, "Envelopes")
        self._told = Construct(self, "Told")
        self.person = iam.Role(self, "Person", assumed_by=iam.AccountRootPrincipal())
        recovery = iam.Role(self, "Recovery", assumed_by=iam.AccountRootPrincipal())
        self.envelope_key = EncryptionKey(
            self, "EnvelopeKey", lifecycle=Lifecycle.EPHEMERAL, services=[], decrypters=[recovery]
        )
        self.transport_key = self._key("TransportKey", "kinesis", "s3", "sqs")
        self.operations_key = self._key("OperationsKey", "logs")
        self._tell(
            PersonRoleArn=self.person.role_arn,
            RecoveryRoleArn=recovery.role_arn,
            EnvelopeKeyArn=self.envelope_key.key_arn,
            TransportKeyArn=self.transport_key.key_arn,
        )
        self._objects()
        self._arrivals()
        self._queues()
        self._streams()

    def _objects(self) -> None:
        plain, messages = self._bucket("Plain"), self._bucket("Messages")
        envelope = EnvelopeEncryption(
            self,
            "Envelope",
            encryption_key=self.envelope_key,
            operations_key=self.operations_key,
            required_context=["tenant"],
        )
        envelope.encrypt_objects(source=plain, destination=messages)
        envelope.decrypt_objects(source=messages, destination=plain, destination_prefix="opened/")
        new_key = self._key("NewEnvelopeKey")
        migration = EnvelopeReencryption(
            self,
            "Migration",
            from_keys=[self.envelope_key],
            to_key=new_key,
            operations_key=self.operations_key,
            required_context=["tenant"],
        )
        migration.reencrypt_objects(source=messages, destination=messages, destination_prefix="moved/")
        migration.grant_invoke(self.person)
        envelope.grant_invoke_encrypt(self.person)
        envelope.grant_invoke_decrypt(self.person)
        self._tell(
            Plain=plain.bucket_name,
            Messages=messages.bucket_name,
            NewEnvelopeKeyArn=new_key.key_arn,
            Reencrypt=migration.function.function_arn,
            Encrypt=envelope.encrypt_function.function_arn,
            Decrypt=envelope.decrypt_function.function_arn,
        )

    def _arrivals(self) -> None:
        arrivals, arrived = self._bucket("Arrivals"), self._bucket("Arrived")
        arrival = EncryptOnArrival(
            self,
            "Arrival",
            source=arrivals,
            destination=arrived,
            destination_prefix="encrypted/",
            encryption_key=self.envelope_key,
            transport_key=self.transport_key,
            operations_key=self.operations_key,
            encryption_context=CONTEXT,
            reserved_concurrency=2,  # the fewest that Lambda may be told to run at once
            max_concurrency=2,
            max_receives=2,
        )
        arrival.queue.grant_send_messages(self.person)
        self._tell(
            Arrivals=arrivals.bucket_name,
            Arrived=arrived.bucket_name,
            Arrival=arrival.function.function_arn,
            ArrivalQueue=arrival.queue.queue_url,
            ArrivalDeadLetters=arrival.dead_letter_queue.queue_url,
        )

    def _queues(self) -> None:
        records, sealed, opened = (self._queue(name) for name in ("Records", "SealedRecords", "OpenedRecords"))
        # Large batches save calls of KMS, and Lambda gathers them for a second at least.
        batches = Batches(size=1000, window=cdk.Duration.seconds(1))
        self._between("EncryptRecords", Direction.ENCRYPT, records, sealed, batches=batches)
        self._between("DecryptRecords", Direction.DECRYPT, sealed, opened)
        for name, queue in {"Records": records, "SealedRecords": sealed, "OpenedRecords": opened}.items():
            queue.grant_send_messages(self.person)
            queue.grant_consume_messages(self.person)
            dead_letters = queue.dead_letter_queue
            assert dead_letters is not None
            self._tell(**{name: queue.queue_url, f"{name}DeadLetters": dead_letters.queue.queue_url})

    def _streams(self) -> None:
        clicks, sealed = (
            kinesis.Stream(self, name, encryption_key=self.transport_key) for name in ("Clicks", "SealedClicks")
        )
        function = self._between("EncryptClicks", Direction.ENCRYPT, clicks, sealed, transport_key=self.transport_key)
        clicks.grant_write(self.person)
        sealed.grant_read(self.person)
        assert function.dead_letter_queue is not None
        self._tell(
            Clicks=clicks.stream_name,
            SealedClicks=sealed.stream_name,
            ClicksDeadLetters=function.dead_letter_queue.queue_url,
        )

    def _between(
        self,
        construct_id: str,
        direction: Direction,
        source: sqs.Queue | kinesis.Stream,
        destination: sqs.Queue | kinesis.Stream,
        **options: Any,
    ) -> RecordEncryption:
        return RecordEncryption(
            self,
            construct_id,
            direction=direction,
            source=source,
            destination=destination,
            encryption_key=self.envelope_key,
            operations_key=self.operations_key,
            encryption_context=CONTEXT,
            timeout=_TIMEOUT,
            reserved_concurrency=_ENVIRONMENTS,
            **options,
        )

    def _queue(self, construct_id: str) -> sqs.Queue:
        dead_letters = sqs.Queue(self, f"{construct_id}DeadLetters", encryption_master_key=self.transport_key)
        return sqs.Queue(
            self,
            construct_id,
            encryption_master_key=self.transport_key,
            enforce_ssl=True,
            visibility_timeout=cdk.Duration.seconds(6 * _TIMEOUT.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(max_receive_count=2, queue=dead_letters),
        )

    def _key(self, construct_id: str, *services: str) -> EncryptionKey:
        return EncryptionKey(self, construct_id, lifecycle=Lifecycle.EPHEMERAL, services=list(services))

    def _bucket(self, construct_id: str) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            construct_id,
            encryption_key=self.transport_key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            versioned=True,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        bucket.grant_read_write(self.person)
        return bucket

    def _tell(self, **values: str) -> None:
        for name, value in values.items():
            cdk.CfnOutput(self._told, name, value=value).override_logical_id(name)


def synthesised(folder: Path) -> cx_api.CloudAssembly:
    """Synthesise the app into an empty folder, bundled."""
    app = cdk.App(
        outdir=str(folder),
        analytics_reporting=False,
        tree_metadata=False,
        context={**FLAGS, "@aws-cdk/core:validateAgainstDefaultRules": False},
        builtin_cloud_formation_validation=False,
    )
    EnvelopesStack(app)
    return app.synth()
