"""The one way in which a construct can be used wrongly."""


class ConfigurationError(ValueError):
    """An argument that cannot work, found before the CDK is called.

    The text names the argument, what is allowed and what came:
    `rotation_period must be 90 to 2560 days, got 30 days`.
    """
