"""The value of a new version: drawn by Secrets Manager, or made by the service."""

from secret_rotation.alternating_users import USERNAME, other_user, username_of
from secret_rotation.errors import SecretUnusable
from secret_rotation.rotation_plan import RotationPlan
from secret_rotation.secret_value import SecretValue
from secret_rotation.secret_versions import SecretVersions


def new_value(versions: SecretVersions, *, plan: RotationPlan, current: SecretValue | None, token: str) -> SecretValue:
    """Make a value that nobody has seen.

    Args:
        versions: Who draws.
        plan: How.
        current: The value that readers have now, whose other fields are kept; None if there is none.
        token: What the rotation is recognised by.

    Returns:
        The value, which is nowhere yet.

    Raises:
        SecretUnusable: If the current value is no JSON object, or is missing where its fields are needed.
        StepFailed: If the service makes the values and did not.
    """
    if plan.step is not None and plan.step.issues_values:
        return plan.step.propose(current=current, token=token)
    if plan.generated_field is None:
        if current is not None and current.is_object:
            raise SecretUnusable("secret must be a text where GENERATED_FIELD is not set, got a JSON object")
        return versions.draw(plan.generator)
    if current is None:
        raise SecretUnusable(
            f"secret must have a current value with the fields beside {plan.generated_field}, got none: put one first"
        )
    if plan.generated_field not in current.fields:
        raise SecretUnusable(f"secret must have the field {plan.generated_field}, got no such field")
    changes = _other_user(current, plan)
    return current.with_fields({**changes, plan.generated_field: versions.draw(plan.generator).text})


def _other_user(current: SecretValue, plan: RotationPlan) -> dict[str, str]:
    if plan.superuser is None or plan.step is None:
        return {}
    return {USERNAME: other_user(username_of(current), longest=plan.step.username_length_max)}
