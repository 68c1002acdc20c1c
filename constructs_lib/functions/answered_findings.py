"""Findings of cdk-nag that do not apply to any bundled function: each answered on one resource, with its reason."""

INLINE = (
    "The policy belongs to this one function's role: it is created and deleted with it, and unlike a managed policy "
    "it cannot be attached to anybody else, which for permission to use a key is the safer of the two."
)
TRACES = (
    "X-Ray offers PutTraceSegments and PutTelemetryRecords on every resource only. The statement stands in a policy "
    "of its own, so that no other permission on every resource is covered by this acknowledgement."
)
RUNTIME = (
    "The wheels and the bytecode are locked and tested for this managed runtime, which AWS supports with security "
    "updates; another one is a deliberate choice of the application, by the argument `runtime`."
)
UNRESERVED = (
    "Reserved concurrency is taken out of what all functions of the account share, and cannot be reserved at all where "
    "the account's limit is small: the application reserves it by the argument `reserved_concurrency`."
)
NETWORK = (
    "EC2 offers the actions by which Lambda makes a function's network interfaces on every resource. The statement "
    "stands in a policy of its own, and another one denies the same actions to the function's own code."
)
