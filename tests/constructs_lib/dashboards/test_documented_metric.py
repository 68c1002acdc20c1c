"""The list of metrics: where AWS says of each that it is published, and how a series of it is written."""

from constructs_lib.dashboards.documented_metric import CALLS, DOCUMENTED, KEY_REQUESTS, RE_ENCRYPTIONS


def test_each_metric_has_a_page_of_aws_that_says_so() -> None:
    assert {metric.namespace: metric.page.rpartition("/")[2] for metric in DOCUMENTED} == {
        "AWS/KMS": "monitoring-cloudwatch.html",
        "AWS/Usage": "CloudWatch-Quotas-Visualize-Alarms.html",
        "AWS/Lambda": "monitoring-metrics-types.html",
        "AWS/SQS": "sqs-available-cloudwatch-metrics.html",
    }
    assert all(metric.page.startswith("https://docs.aws.amazon.com/") for metric in DOCUMENTED)


def test_no_metric_stands_there_twice() -> None:
    assert len({(metric.namespace, metric.name, metric.dimensions) for metric in DOCUMENTED}) == len(DOCUMENTED)


def test_a_series_names_its_dimensions() -> None:
    assert CALLS.of("API", "DescribeKey", "KMS", "None", id="m") == [
        *("AWS/Usage", "CallCount", "Type", "API", "Resource", "DescribeKey", "Service", "KMS", "Class", "None"),
        {"stat": "Sum", "id": "m"},
    ]


def test_a_search_names_the_dimensions_and_the_statistic() -> None:
    assert KEY_REQUESTS.search('KeyArn="arn"') == (
        "SEARCH('{AWS/KMS,KeyArn,Operation} MetricName=\"SuccessfulRequest\" KeyArn=\"arn\"', 'Sum')"
    )
    assert RE_ENCRYPTIONS.search('"arn"').startswith("SEARCH('{AWS/KMS,DestinationKeyArn,Operation,SourceKeyArn} ")
