"""The one metric that a dashboard makes itself: rotations by key, counted where the copy of a trail is.

KMS has no metric of rotations, and a query sees no further back than the time shown and than the log group keeps. A
metric that a filter counts is kept for 15 months, and costs for the hours with a rotation alone.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringLogData.html
"""

from constructs_lib.dashboards.documented_metric import DocumentedMetric

ROTATIONS = DocumentedMetric(
    "KeyDashboard",
    "Rotations",
    ("KeyId",),
    "Sum",
    "https://docs.aws.amazon.com/kms/latest/developerguide/ct-rotatekey.html",
)
"""Counted at each rotation of each key that the trail records, automatic and on demand."""

PATTERN = '{ ($.eventSource = "kms.amazonaws.com") && ($.eventName = "RotateKey") }'
"""The event that KMS itself writes when a key was rotated."""

KEY_ID = "$.serviceEventDetails.keyId"
"""Where that event says which key."""
