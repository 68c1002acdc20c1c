"""What can go wrong around the embedded AWS."""


class LocalAwsError(RuntimeError):
    """The embedded AWS could not be started, or is not running."""


class DeploymentError(LocalAwsError):
    """The CDK CLI ended with an error.

    Its text is what the CLI printed, which names the resource that failed and why.
    """
