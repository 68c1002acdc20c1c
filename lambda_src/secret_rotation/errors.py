"""What can go wrong, one class for each thing that somebody can do about it."""
# The class name is the `errorType` that Lambda's log and metrics show: it says what is wrong, and "Error" behind it
# would say nothing more.
# ruff: noqa: N818


class RotationError(Exception):
    """Every failure that this package expects.

    Texts follow one form: `<argument> must be <allowed>, got <value>`. They never hold a secret value.
    """


class InvalidEvent(RotationError):
    """This is no event of Secrets Manager: invoke the function by `RotateSecret` only."""


class NotPending(RotationError):
    """The version is not the one that is being rotated, or not any more: nothing to do."""


class SecretUnusable(RotationError):
    """The secret cannot be rotated as it is: somebody who administers it must change it."""


class SecretChanged(RotationError):
    """Somebody changed the secret meanwhile: the same step can be repeated."""


class SecretAccessDenied(RotationError):
    """Secrets Manager or KMS will not do this for the function: somebody who administers it must allow it."""


class SecretsManagerUnavailable(RotationError):
    """Secrets Manager could not answer now: the same step can be repeated later."""


class StepFailed(RotationError):
    """The step that talks to the service failed: look at the service, then at the step."""
