"""The reference app: keys in one stack, the data and the functions that use them in another, a secret, and the watch.

Plaintext that arrives in one bucket becomes messages in another, on arrival or when somebody asks; messages become
plaintext in a third one, and move to another key where that is asked for. A token that two programs share is drawn in
AWS, and anew every month. A trail records every use of a key, the auditor asks it, and what happens to them all is
told to whoever subscribes.

It deploys to any account and Region: `npx cdk deploy --all -c news-address=you@example.com`. With a zone of Route 53
(`-c domain-name=example.com -c hosted-zone-id=Z...`) it has certificates, too.
"""

import json
from datetime import date
from typing import cast

from constructs_lib.bundled_node import use_bundled_node

use_bundled_node()

import aws_cdk as cdk
import cdk_nag
from aws_cdk import aws_apigatewayv2 as apigatewayv2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct, IConstruct

from constructs_lib import (
    AuditQueries,
    AuditTrail,
    ByFunction,
    CertificateWatch,
    CisAlarms,
    ConfigurationError,
    EncryptionKey,
    EncryptOnArrival,
    EnvelopeEncryption,
    EnvelopeReencryption,
    Generated,
    HttpApiDomain,
    ImportedCertificate,
    KeyDashboard,
    KeyWatch,
    ManagedCertificate,
    ManagedSecret,
    NewTopic,
    RotationFunction,
    RotationSchedule,
    SecretWatch,
    Supplied,
    Target,
    ToTopic,
    dns_validation,
)
from constructs_lib.service_access.cloudwatch_logs import encrypt_log_group
from constructs_lib.service_access.s3 import read, write_in_parts

NEWS_ADDRESS = "news-address"
DOMAIN_NAME, HOSTED_ZONE_ID, IMPORTED_NAME = "domain-name", "hosted-zone-id", "imported-domain-name"
REQUIRED_CONTEXT = ("tenant", "purpose")
ARRIVAL_CONTEXT = {"tenant": "reference", "purpose": "arrivals"}

_ACCESS_LOG = json.dumps({
    each: f"$context.{each}"
    for each in ("requestId", "requestTime", "routeKey", "status", "responseLatency", "tlsVersion", "cipherSuite")
})
_PACKS = ("HIPAA.Security", "NIST.800.53.R5", "PCI.DSS.321")
_OBJECTS = (
    "The role works on objects of this one bucket, below the prefixes that it needs, whose names are chosen at run "
    "time; the action is a single one: who stores here reads nothing here, and who reads here stores nothing."
)
_INLINE = (
    "The policy belongs to this one role: it is created and deleted with it and cannot be attached to anybody else, "
    "which for permission to use a key is safer than a managed policy."
)
_ONE_REGION = (
    "A copy in another Region is a decision about where data may be, which belongs to whoever owns the data; the "
    "bucket is versioned and kept when the stack goes."
)
_UNROTATED = "SecretsManagerRotationEnabled"
_ISSUED_ELSEWHERE = (
    "Its issuer, and not Secrets Manager, makes a new value: whoever has one issued puts it there, from where it is "
    "checked and imported. That it is time is told 45 days before the one in service expires, and again until then."
)
_MAIL = (
    "SNS tries an e-mail for six hours and counts what it could not send in the topic's metrics. A queue of such mails "
    "would be read by the same people; the call itself stays in the trail whether or not the mail arrives."
)
_LOG_TARGET = (
    "S3 delivers server access logs to buckets with SSE-S3 only; they name objects and requesters and hold no content. "
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html"
)


class KeyStack(cdk.Stack):
    """A key for each purpose, so that who may read logs, queues or stored objects cannot open envelopes.

    Attributes:
        auditor: May read what the envelope key's policy, rotation and grants are, and ask the record; nothing else.
        recovery: May open messages with any AWS Encryption SDK when the functions are gone.
        envelope_key: Wraps the data keys of messages. Only the functions and recovery use it.
        archive_key: Wraps the data keys of messages that were moved to it.
        storage_key: Encrypts the buckets at rest.
        transport_key: Encrypts queues.
        operations_key: Encrypts logs, and what the alarms of the benchmark tell.
        trail_key: Encrypts the record of every call.
        secrets_key: Encrypts secrets, through Secrets Manager alone.
        news_key: Encrypts the news of what happens to the other keys, so that none of them can silence its own.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Define the keys."""
        super().__init__(scope, construct_id, description="Keys: envelopes, storage, operations")
        self.auditor = iam.Role(self, "Auditor", assumed_by=iam.AccountRootPrincipal(), description="Reads metadata")
        self.recovery = iam.Role(self, "Recovery", assumed_by=iam.AccountRootPrincipal(), description="Opens messages")
        self.envelope_key = EncryptionKey(
            self,
            "EnvelopeKey",
            alias="reference/envelope",
            description="Wraps the data keys of encrypted messages",
            auditors=[self.auditor],
            decrypters=[self.recovery],
            services=[],  # no AWS service uses it on anybody's behalf
        )
        self.archive_key = EncryptionKey(
            self,
            "ArchiveKey",
            alias="reference/archive",
            description="Wraps the data keys of messages that are kept",
            decrypters=[self.recovery],
            services=[],
        )
        self.storage_key = EncryptionKey(
            self, "StorageKey", alias="reference/storage", description="Encrypts the buckets", services=["s3"]
        )
        self.transport_key = EncryptionKey(
            self, "TransportKey", alias="reference/transport", description="Encrypts queues", services=["sqs"]
        )
        self.operations_key = EncryptionKey(
            self,
            "OperationsKey",
            alias="reference/operations",
            description="Encrypts logs and alarms",
            services=["logs", "sns"],
        )
        self.trail_key = EncryptionKey(
            self, "TrailKey", alias="reference/trail", description="Encrypts the record of calls", services=["s3"]
        )
        self.secrets_key = EncryptionKey(
            self,
            "SecretsKey",
            alias="reference/secrets",
            description="Encrypts secrets",
            services=["secretsmanager"],
        )
        self.news_key = EncryptionKey(
            self, "NewsKey", alias="reference/news", description="Encrypts news of the keys", services=["sns", "sqs"]
        )
        for name, role in {"Auditor": self.auditor, "Recovery": self.recovery}.items():
            cdk.CfnOutput(self, f"{name}RoleArn", value=role.role_arn)
        cdk.CfnOutput(self, "EnvelopeKeyArn", value=self.envelope_key.key_arn)
        cdk.CfnOutput(self, "ArchiveKeyArn", value=self.archive_key.key_arn)


class WorkloadStack(cdk.Stack):
    """Encrypted messages in a bucket, plaintext before and after in two others, and who moves what between them.

    Attributes:
        envelope: The encrypting and the decrypting function.
        migration: The re-encrypting function, from the envelope key to the archive key.
        arrival: What encrypts objects as they arrive.
        arrivals: The bucket into which plaintext comes.
        messages: The bucket of messages.
        opened: The bucket into which messages are opened.
        writer: May encrypt and store below objects/; can neither decrypt nor read back what it stored.
        reader: May fetch and decrypt; can neither encrypt nor store.
        sender: May put plaintext where it is encrypted, and have objects encrypted; can read nothing.
        receiver: May have messages opened into objects, and read those.
        archivist: May have messages moved to the archive key, and see none of them.
    """

    def __init__(self, scope: Construct, construct_id: str, *, keys: KeyStack) -> None:
        """Define functions, buckets and roles."""
        super().__init__(
            scope, construct_id, description="Envelope encryption: functions, messages, readers and writers"
        )
        access_logs = self._access_logs()
        # Below encrypted/ the construct that writes there sees to it itself.
        self.messages = self._bucket("Messages", keys.storage_key, access_logs, "objects/", "reencrypted/")
        self.arrivals = self._bucket("Arrivals", keys.storage_key, access_logs)
        self.opened = self._bucket("Opened", keys.storage_key, access_logs)
        self.envelope = EnvelopeEncryption(
            self,
            "Envelope",
            encryption_key=keys.envelope_key,
            operations_key=keys.operations_key,
            required_context=REQUIRED_CONTEXT,
        )
        self.migration = EnvelopeReencryption(
            self,
            "Migration",
            from_keys=[keys.envelope_key],
            to_key=keys.archive_key,
            operations_key=keys.operations_key,
            required_context=REQUIRED_CONTEXT,
        )
        self.arrival = EncryptOnArrival(
            self,
            "Arrival",
            source=self.arrivals,
            destination=self.messages,
            source_prefix="arrivals/",
            destination_prefix="encrypted/",
            encryption_key=keys.envelope_key,
            transport_key=keys.transport_key,
            operations_key=keys.operations_key,
            encryption_context=ARRIVAL_CONTEXT,
        )
        self._let_objects_pass()
        self._let_people_in(keys)
        self._tell()

    def _let_objects_pass(self) -> None:
        self.envelope.encrypt_objects(
            source=self.arrivals, source_prefix="objects/", destination=self.messages, destination_prefix="objects/"
        )
        for prefix in ("objects/", "encrypted/"):
            self.envelope.decrypt_objects(
                source=self.messages, source_prefix=prefix, destination=self.opened, destination_prefix="opened/"
            )
        self.migration.reencrypt_objects(
            source=self.messages,
            source_prefix="objects/",
            destination=self.messages,
            destination_prefix="reencrypted/",
        )

    def _let_people_in(self, keys: KeyStack) -> None:
        # Below encrypted/ and reencrypted/ functions write alone: what is there came through them.
        self.writer = self._role("Writer", "s3:PutObject", self.messages, "objects/")
        self.sender = self._role("Sender", "s3:PutObject", self.arrivals, "objects/", "arrivals/")
        for person, name in ((self.writer, "messages"), (self.sender, "arrivals")):
            self.envelope.grant_invoke_encrypt(person)
            keys.storage_key.allow(write_in_parts(bucket_name=self._pattern(name)), person)
        self.reader = self._role("Reader", "s3:GetObject", self.messages, "objects/", "encrypted/", "reencrypted/")
        self.receiver = self._role("Receiver", "s3:GetObject", self.opened, "opened/")
        for person, name in ((self.reader, "messages"), (self.receiver, "opened")):
            self.envelope.grant_invoke_decrypt(person)
            keys.storage_key.allow(read(bucket_name=self._pattern(name)), person)
        self.archivist = iam.Role(
            self, "Archivist", assumed_by=iam.AccountRootPrincipal(), description="Archivist of encrypted messages"
        )
        self.migration.grant_invoke(self.archivist)
        _acknowledge(
            self.archivist.node.find_child("DefaultPolicy"), _INLINE, *(f"{pack}-IAMNoInlinePolicy" for pack in _PACKS)
        )

    def _pattern(self, bucket: str) -> str:
        # The key must not wait for the bucket, which waits for the key: CloudFormation's names begin like this.
        return f"{self.stack_name}-{bucket}*".lower()

    def _tell(self) -> None:
        for name in ("Writer", "Reader", "Sender", "Receiver", "Archivist"):
            cdk.CfnOutput(self, f"{name}RoleArn", value=getattr(self, name.lower()).role_arn)
        functions = {
            "Encrypt": self.envelope.encrypt_function,
            "Decrypt": self.envelope.decrypt_function,
            "Reencrypt": self.migration.function,
            "Arrivals": self.arrival.function,
        }
        for name, function in functions.items():
            cdk.CfnOutput(self, f"{name}FunctionArn", value=function.function_arn)
        buckets = {"": self.messages, "Arrivals": self.arrivals, "Opened": self.opened}
        for name, bucket in buckets.items():
            cdk.CfnOutput(self, f"{name}BucketName", value=bucket.bucket_name)
        queues = {"Arrivals": self.arrival.queue, "ArrivalsDeadLetter": self.arrival.dead_letter_queue}
        for name, queue in queues.items():
            cdk.CfnOutput(self, f"{name}QueueUrl", value=queue.queue_url)

    def _access_logs(self) -> s3.Bucket:
        logs = s3.Bucket(
            self,
            "AccessLogs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=True,
            lifecycle_rules=[
                s3.LifecycleRule(expiration=cdk.Duration.days(365), noncurrent_version_expiration=cdk.Duration.days(30))
            ],
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        _acknowledge(logs, _ONE_REGION, *(f"{pack}-S3BucketReplicationEnabled" for pack in _PACKS))
        _acknowledge(logs, _LOG_TARGET, *(f"{pack}-S3DefaultEncryptionKMS" for pack in _PACKS))
        return logs

    def _bucket(self, name: str, key: EncryptionKey, logs: s3.Bucket, *uploaded: str) -> s3.Bucket:
        unfinished = cdk.Duration.days(1)
        bucket = s3.Bucket(
            self,
            name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption_key=key,
            bucket_key_enabled=True,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=logs,
            server_access_logs_prefix=f"{name.lower()}/",
            # What a writer or a function that died never finished: it costs like an object, and nobody sees it.
            lifecycle_rules=[
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=unfinished, prefix=prefix)
                for prefix in uploaded or (None,)
            ],
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        _acknowledge(bucket, _ONE_REGION, *(f"{pack}-S3BucketReplicationEnabled" for pack in _PACKS))
        return bucket

    def _role(self, name: str, action: str, bucket: s3.Bucket, *prefixes: str) -> iam.Role:
        role = iam.Role(self, name, assumed_by=iam.AccountRootPrincipal(), description=f"{name} of encrypted messages")
        # Should the bucket go and somebody else take its name, nothing is sent there and nothing believed from there.
        own = {"StringEquals": {"aws:ResourceAccount": self.account}}
        role.add_to_policy(
            iam.PolicyStatement(
                actions=[action],
                resources=[bucket.arn_for_objects(f"{prefix}*") for prefix in prefixes],
                conditions=own,
            )
        )
        policy = role.node.find_child("DefaultPolicy")
        logical_id = self.get_logical_id(cast("cdk.CfnElement", bucket.node.default_child))
        found = [f"AwsSolutions-IAM5[Resource::<{logical_id}.Arn>/{prefix}*]" for prefix in prefixes]
        _acknowledge(policy, _OBJECTS, *found)
        _acknowledge(policy, _INLINE, *(f"{pack}-IAMNoInlinePolicy" for pack in _PACKS))
        return role


class SecretStack(cdk.Stack):
    """A token that two programs share, which no person sees and nobody has to remember to change.

    Attributes:
        token: The secret.
        rotation: The function that draws a new one.
        client: May read the token.
        custodian: May rotate the token and delete it with time to recover; never read it.
        certificate: A certificate that somebody else issued, with its key; None unless the app is told its name.
        certifier: May put one there, and read none.
    """

    def __init__(self, scope: Construct, construct_id: str, *, keys: KeyStack) -> None:
        """Define the token, its rotation and who is let in."""
        super().__init__(scope, construct_id, description="Secrets: a token, its rotation, its reader")
        self.client = iam.Role(self, "Client", assumed_by=iam.AccountRootPrincipal(), description="Reads the token")
        self.custodian = iam.Role(
            self, "Custodian", assumed_by=iam.AccountRootPrincipal(), description="Rotates the token, unread"
        )
        token = Generated.text()
        self.rotation = RotationFunction(self, "Rotation", content=token, operations_key=keys.operations_key)
        self.token = ManagedSecret(
            self,
            "Token",
            description="What the programs of the reference app show each other",
            encryption_key=keys.secrets_key,
            content=token,
            readers=[self.client],
            administrators=[self.custodian],
            rotation=ByFunction(
                function=self.rotation.function,
                schedule=RotationSchedule.every(cdk.Duration.days(30), window=cdk.Duration.hours(3)),
            ),
        )
        self.certificate = self._certificate(keys) if self.node.try_get_context(IMPORTED_NAME) else None
        for person in (self.client, self.custodian):
            _acknowledge(
                person.node.find_child("DefaultPolicy"), _INLINE, *(f"{pack}-IAMNoInlinePolicy" for pack in _PACKS)
            )
        outputs = {
            "ClientRoleArn": self.client.role_arn,
            "CustodianRoleArn": self.custodian.role_arn,
            "RotationFunctionArn": self.rotation.function.function_arn,
            "TokenArn": self.token.secret_arn,
        }
        for name, value in outputs.items():
            cdk.CfnOutput(self, name, value=value)

    def _certificate(self, keys: KeyStack) -> ManagedSecret:
        self.certifier = iam.Role(
            self, "Certifier", assumed_by=iam.AccountRootPrincipal(), description="Puts certificates, unread"
        )
        certificate = ManagedSecret(
            self,
            "Certificate",
            description="A certificate that somebody else issued, its chain and its private key",
            encryption_key=keys.secrets_key,
            content=Supplied.certificate(),
            writers=[self.certifier],
            administrators=[self.custodian],
        )
        _acknowledge(
            certificate, _ISSUED_ELSEWHERE, *("AwsSolutions-SMG4", *(f"{pack}-{_UNROTATED}" for pack in _PACKS[:2]))
        )
        policy = self.certifier.node.find_child("DefaultPolicy")
        _acknowledge(policy, _INLINE, *(f"{pack}-IAMNoInlinePolicy" for pack in _PACKS))
        cdk.CfnOutput(self, "CertifierRoleArn", value=self.certifier.role_arn)
        cdk.CfnOutput(self, "CertificateSecretArn", value=certificate.secret_arn)
        return certificate


class CertificateStack(cdk.Stack):
    """A certificate that ACM issues and renews for an API's domain, and maybe one that somebody else issued.

    Attributes:
        issued: The certificate of the API's domain.
        domain: What serves it.
        imported: The certificate in the secret of `SecretStack`, if the app was told its name.
    """

    def __init__(self, scope: Construct, construct_id: str, *, keys: KeyStack, secrets: SecretStack) -> None:
        """Define certificates in a zone of Route 53 that the context names."""
        super().__init__(scope, construct_id, description="Certificates: issued, imported, served, watched")
        domain_name = str(self.node.get_context(DOMAIN_NAME))
        zone = route53.HostedZone.from_hosted_zone_attributes(
            self, "Zone", hosted_zone_id=str(self.node.get_context(HOSTED_ZONE_ID)), zone_name=domain_name
        )
        api_name = f"api.{domain_name}"
        self.issued = ManagedCertificate(
            self, "Certificate", domain_name=api_name, validation=dns_validation(zone), targets=[Target.HTTP_API]
        )
        api, stage = self._api(keys)
        self.domain = HttpApiDomain(
            self, "Domain", domain_name=api_name, certificate=self.issued, api=api, stage=stage, hosted_zone=zone
        )
        self.imported = None
        if secrets.certificate:
            self.imported = ImportedCertificate(
                self,
                "Imported",
                secret=secrets.certificate,
                domain_names=[str(self.node.get_context(IMPORTED_NAME))],
                operations_key=keys.operations_key,
            )
        for name, certificate in {"Issued": self.issued, "Imported": self.imported}.items():
            if certificate:
                cdk.CfnOutput(self, f"{name}CertificateArn", value=certificate.certificate_arn)

    def _api(self, keys: KeyStack) -> tuple[apigatewayv2.HttpApi, apigatewayv2.HttpStage]:
        # Its routes are the application's: it has none yet, and answers 404.
        api = apigatewayv2.HttpApi(
            self, "Api", create_default_stage=False, disable_execute_api_endpoint=True, description="Routes to come"
        )
        # The key must not wait for the log group, which waits for the key: CloudFormation's name begins like this.
        keys.operations_key.allow(encrypt_log_group(log_group_name=f"{self.stack_name}-AccessLog*"))
        log_group = logs.LogGroup(
            self,
            "AccessLog",
            encryption_key=keys.operations_key,
            retention=logs.RetentionDays.ONE_YEAR,
            removal_policy=cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        stage = apigatewayv2.HttpStage(
            self,
            "Stage",
            http_api=api,
            auto_deploy=True,
            throttle=apigatewayv2.ThrottleSettings(burst_limit=50, rate_limit=25),
        )
        resource = cast("apigatewayv2.CfnStage", stage.node.default_child)
        resource.access_log_settings = apigatewayv2.CfnStage.AccessLogSettingsProperty(
            destination_arn=log_group.log_group_arn, format=_ACCESS_LOG
        )
        return api, stage


class AuditStack(cdk.Stack):
    """The record of every call, what is asked of it, and who is told what happens to the keys.

    Attributes:
        trail: What records.
        queries: What the auditor asks.
        watch: What tells. Subscribe to `watch.topic`.
        secret_watch: What tells of the secret, to the same topic.
        watch_of_news: What tells of the key under which news are encrypted, to the alarms' topic.
        cis: The alarms of the CIS AWS Foundations Benchmark. Subscribe to `cis.topic`.
        dashboard: The keys and the functions on one page.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        keys: KeyStack,
        workload: WorkloadStack,
        secrets: SecretStack,
        certificates: CertificateStack | None = None,
    ) -> None:
        """Define trail, queries, watches and dashboard."""
        super().__init__(scope, construct_id, description="Audit: the trail, questions to it, news of the keys")
        data_keys = [keys.envelope_key, keys.archive_key, keys.storage_key, keys.transport_key, keys.operations_key]
        data_keys.append(keys.secrets_key)
        self.trail = AuditTrail(
            self,
            "Trail",
            trail_name="reference",
            encryption_key=keys.trail_key,
            operations_key=keys.operations_key,
        )
        self.queries = AuditQueries(
            self,
            "Queries",
            trail=self.trail,
            results_key=keys.trail_key,
            access_logs=self.trail.access_logs,
            keys=[*data_keys, keys.trail_key, keys.news_key],
            since=date(2026, 1, 1),
            readers=[keys.auditor],
        )
        functions = [
            workload.envelope.encrypt_function,
            workload.envelope.decrypt_function,
            workload.migration.function,
            workload.arrival.function,
        ]
        people = [keys.recovery, keys.auditor, workload.writer, workload.reader, workload.sender, workload.receiver]
        people.append(secrets.client)
        if certificates and certificates.imported:
            people += [secrets.certifier, certificates.imported.role]
        self.watch = KeyWatch(
            self,
            "Watch",
            keys=[*data_keys, keys.trail_key],
            trail=self.trail,
            notify=NewTopic(encryption_key=keys.news_key),
            roles=[*people, secrets.rotation.role, *(cast("iam.IRole", function.role) for function in functions)],
        )
        self.cis = CisAlarms(self, "Cis", trail=self.trail, notify=NewTopic(encryption_key=keys.operations_key))
        topics = [cast("sns.ITopic", each.topic) for each in (self.watch, self.cis)]
        self.secret_watch = SecretWatch(
            self,
            "SecretWatch",
            secrets=[secrets.token],
            trail=self.trail,
            notify=ToTopic(topic=topics[0]),
            operations_key=keys.operations_key,
        )
        if certificates:
            CertificateWatch(
                self,
                "CertificateWatch",
                certificates=[each for each in (certificates.issued, certificates.imported) if each],
                notify=ToTopic(topic=topics[0]),
                operations_key=keys.operations_key,
            )
        # Who disables the key of the news silences the watch, so that is told by way of another key.
        self.watch_of_news = KeyWatch(
            self, "NewsWatch", keys=[keys.news_key], trail=self.trail, notify=ToTopic(topic=topics[1])
        )
        for topic in topics if (address := self.node.try_get_context(NEWS_ADDRESS)) else ():
            added = topic.add_subscription(subscriptions.EmailSubscription(address))
            _acknowledge(added, _MAIL, "Serverless-SNSRedrivePolicy")
        self.dashboard = KeyDashboard(
            self,
            "Dashboard",
            dashboard_name="reference-keys",
            keys=[*data_keys, keys.trail_key, keys.news_key],
            trail=self.trail,
            functions=functions,
            queues=[workload.arrival.queue],
            dead_letter_queues=[workload.arrival.dead_letter_queue],
        )
        outputs = {
            "NewsTopicArn": topics[0].topic_arn,
            "AlarmTopicArn": topics[1].topic_arn,
            "TrailBucketName": self.trail.bucket.bucket_name,
            "TrailLogGroupName": self.trail.log_group.log_group_name,
        }
        for name, value in outputs.items():
            cdk.CfnOutput(self, name, value=value)


def _acknowledge(scope: IConstruct, reason: str, *rules: str) -> None:
    # With its pack in front an acknowledged finding stays in the validation report, with its reason.
    ids = [f"{rule.split('[')[0].rpartition('-')[0]}::{rule}" for rule in rules]
    cdk.Validations.of(scope).acknowledge(*(cdk.Acknowledgment(id=each, reason=reason) for each in ids))


def _has_domain(app: cdk.App) -> bool:
    told = [name for name in (DOMAIN_NAME, HOSTED_ZONE_ID, IMPORTED_NAME) if app.node.try_get_context(name)]
    if told and (missing := [name for name in (DOMAIN_NAME, HOSTED_ZONE_ID) if name not in told]):
        raise ConfigurationError(f"context must have {' and '.join(missing)} with {' and '.join(told)}, got none")
    return bool(told)


def reference_app(app: cdk.App) -> tuple[KeyStack, WorkloadStack, SecretStack, AuditStack]:
    """Define the stacks in an app and have every cdk-nag pack look at them."""
    has_domain = _has_domain(app)
    keys = KeyStack(app, "Keys")
    workload = WorkloadStack(app, "Workload", keys=keys)
    secrets = SecretStack(app, "Secrets", keys=keys)
    certificates = CertificateStack(app, "Certificates", keys=keys, secrets=secrets) if has_domain else None
    audit = AuditStack(app, "Audit", keys=keys, workload=workload, secrets=secrets, certificates=certificates)
    cdk.Validations.of(app).add_plugins(
        cdk_nag.AwsSolutionsChecks(app),
        cdk_nag.HIPAASecurityChecks(app),
        cdk_nag.NIST80053R5Checks(app),
        cdk_nag.PCIDSS321Checks(app),
        cdk_nag.ServerlessChecks(app),
    )
    return keys, workload, secrets, audit


if __name__ == "__main__":
    app = cdk.App()
    reference_app(app)
    app.synth()
