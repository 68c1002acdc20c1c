"""Organizational units of AWS Organizations as principals."""

from aws_cdk import aws_iam as iam

from constructs_lib.organization_path import organization_of


def organizational_unit(path: str) -> iam.PrincipalWithConditions:
    """Return everybody in the accounts of an organizational unit and of the units below it, as a principal.

    It works as a person of a key, in grants of a key, and in those of other constructs of the CDK. The IAM policies of
    each account then decide who of it: a key policy for this principal lets in nobody without them. Accounts that join
    the unit later are in, those that leave it are out.

    The path and the organization are both demanded. The path alone says it all, but it ends in a wildcard, and checkers
    such as Security Hub's KMS.5 call a policy public whose conditions hold no fixed value.
    https://docs.aws.amazon.com/config/latest/developerguide/kms-key-policy-no-public-access.html

    Args:
        path: The ids of the organization, its root, and each unit down to the one that is meant, apart by `/`. AWS
            calls it the entity path: `aws iam generate-organizations-access-report` takes it.

    Raises:
        ConfigurationError: If it is not the path of a unit. For a whole organization there is
            `iam.OrganizationPrincipal`.

    Examples:
        >>> organizational_unit("o-a1b2c3d4e5/r-ab12/ou-ab12-11111111").policy_fragment.conditions["StringEquals"]
        {'aws:PrincipalOrgID': 'o-a1b2c3d4e5'}
    """
    return iam.PrincipalWithConditions(
        iam.StarPrincipal(),
        {
            "StringEquals": {"aws:PrincipalOrgID": organization_of(path)},
            # An account's path ends in a slash, so that this is the unit itself and all below it.
            "ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": f"{path}/*"},
        },
    )
