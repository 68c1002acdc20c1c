"""What goes wrong before anything is deployed: a wrong argument, or a function that cannot be bundled."""


class ConfigurationError(ValueError):
    """An argument that cannot work, found before the CDK is called.

    The text names the argument, what is allowed and what came:
    `rotation_period must be 90 to 2560 days, got 30 days`.
    """


class BundlingError(RuntimeError):
    """A function's asset could not be made on this machine.

    Nothing is wrong with the arguments: a tool or a package could not be had. The text says which and what helps.
    """
