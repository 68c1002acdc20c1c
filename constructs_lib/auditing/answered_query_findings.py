"""Findings of cdk-nag that do not apply to queries: each answered on one resource, with its reason."""

SHORT_LIVED = (
    "This bucket holds answers to queries, which are asked again when they are lost, and expire after some days. What "
    "they were made of is the trail's."
)
ASKED_OF_ATHENA = (
    "Athena reads log files, whose names CloudTrail chooses, and writes results, whose names it draws by lot: the "
    "resources are the objects below the one prefix of the trail and below the one of the results, with the actions "
    "that Athena's page lists. In the stack of a reader buckets are known by what their names begin with, in their "
    "account alone, and keys by their aliases or by what is encrypted there."
)
