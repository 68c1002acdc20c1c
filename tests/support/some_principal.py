"""A principal of the CDK where it does not matter whose."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SomePrincipal:
    """Has what `iam.IGrantable` has."""

    grant_principal: object = "somebody"
