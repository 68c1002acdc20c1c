"""A wait condition that waits for nothing is complete at once, whatever its timeout.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-waitcondition.html.
Templates use a count of zero to hold resources together without waiting; ministack wants at least one signal.
"""

from ministack.services.cloudformation import wait_conditions

_count_of_ministack = wait_conditions.validate_count


def extend() -> None:
    """Take zero for a number of signals."""
    wait_conditions.validate_count = _count


def _count(value: object, logical_id: str) -> int:
    found: int = 0 if str(value).strip() == "0" else _count_of_ministack(value, logical_id)
    return found
