"""Building and delivering software, content and mail."""

import aws_cdk as cdk
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_codebuild as codebuild
from aws_cdk import aws_codepipeline as codepipeline
from aws_cdk import aws_codepipeline_actions as actions
from aws_cdk import aws_kinesis as kinesis
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_ses as ses
from aws_cdk import aws_ses_actions as ses_actions
from aws_cdk import aws_synthetics as synthetics

from tests.support.l2_case import ENCRYPT_DECRYPT, READ_WRITE, SOURCE, L2Case, Use, add_to
from tests.support.l2_cases.storage import bucket

CASES: list[L2Case] = []

SES_MESSAGE = tuple(f"kms:EncryptionContext:aws:ses:{name}" for name in ("rule-name", "message-id", "source-account"))


@add_to(CASES, Use("ProjectRole", ENCRYPT_DECRYPT))
def build_project(key: kms.IKey, stack: cdk.Stack) -> None:
    steps = codebuild.BuildSpec.from_object({"version": "0.2"})
    codebuild.Project(stack, "Project", encryption_key=key, build_spec=steps)


@add_to(
    CASES,
    Use("PipelineRole", ("DescribeKey", *READ_WRITE)),
    Use("PipelineSourceFetchCodePipelineActionRole", READ_WRITE),
    Use("PipelineDeployCopyCodePipelineActionRole", ("DescribeKey", *ENCRYPT_DECRYPT)),
    Use("ProjectRole", ("DescribeKey", *ENCRYPT_DECRYPT)),
)
def pipeline(key: kms.IKey, stack: cdk.Stack) -> None:
    source, code = s3.Bucket(stack, "Source", versioned=True), codepipeline.Artifact()
    fetch = actions.S3SourceAction(action_name="Fetch", bucket=source, bucket_key="code.zip", output=code)
    build = actions.CodeBuildAction(
        action_name="Compile", project=codebuild.PipelineProject(stack, "Project"), input=code
    )
    copy = actions.S3DeployAction(action_name="Copy", bucket=s3.Bucket(stack, "Site"), input=code, encryption_key=key)
    codepipeline.Pipeline(
        stack,
        "Pipeline",
        artifact_bucket=bucket(key, stack),
        stages=[
            codepipeline.StageProps(stage_name="Source", actions=[fetch]),
            codepipeline.StageProps(stage_name="Build", actions=[build]),
            codepipeline.StageProps(stage_name="Deploy", actions=[copy]),
        ],
    )


@add_to(CASES, Use("cloudfront.amazonaws.com", ("Decrypt",), SOURCE))
def content_from_a_bucket(key: kms.IKey, stack: cdk.Stack) -> None:
    origin = origins.S3BucketOrigin.with_origin_access_control(bucket(key, stack))
    cloudfront.Distribution(stack, "Site", default_behavior=cloudfront.BehaviorOptions(origin=origin))


@add_to(CASES, Use("LogsRealtimeLogKinesisRole", ("GenerateDataKey",)))
def content_logged_in_real_time(key: kms.IKey, stack: cdk.Stack) -> None:
    stream = kinesis.Stream(stack, "Stream", encryption_key=key)
    cloudfront.RealtimeLogConfig(
        stack,
        "Logs",
        end_points=[cloudfront.Endpoint.from_kinesis_stream(stream)],
        fields=["timestamp"],
        sampling_rate=1,
    )


@add_to(CASES, Use("CanaryServiceRole", ENCRYPT_DECRYPT))
def canary(key: kms.IKey, stack: cdk.Stack) -> None:
    code = synthetics.Code.from_inline("exports.handler = async () => {}")
    synthetics.Canary(
        stack,
        "Canary",
        runtime=synthetics.Runtime.SYNTHETICS_NODEJS_PUPPETEER_9_1,
        test=synthetics.Test.custom(code=code, handler="index.handler"),
        artifact_s3_encryption_mode=synthetics.ArtifactsEncryptionMode.KMS,
        artifact_s3_kms_key=key,
    )


@add_to(CASES, Use("ses.amazonaws.com", ("Encrypt", "GenerateDataKey"), SES_MESSAGE))
def mail_received(key: kms.IKey, stack: cdk.Stack) -> None:
    store = ses_actions.S3(bucket=bucket(key, stack), kms_key=key)
    ses.ReceiptRuleSet(stack, "Rules", rules=[ses.ReceiptRuleOptions(actions=[store])])
