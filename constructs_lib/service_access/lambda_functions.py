"""Lambda: environment variables and packages of functions."""

from constructs_lib.actions import DECRYPT, GENERATE_DATA_KEY
from constructs_lib.principals import short_digest
from constructs_lib.service_access.resource_names import FUNCTION, checked_account, checked_region
from constructs_lib.service_access.service_use import (
    ACCOUNT,
    PARTITION,
    REGION,
    Allowance,
    ServiceUse,
    in_context,
)

_CREATOR = "lambda"
_GUIDE = "https://docs.aws.amazon.com/lambda/latest/dg/"


def encrypt_environment() -> ServiceUse:
    """Encrypt the environment variables of functions: Lambda lives on a grant that the creator makes.

    A function's role needs nothing, unless its own code decrypts.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
    """
    return ServiceUse(
        title="Lambda: environment variables",
        page=f"{_GUIDE}configuration-envvars-encryption.html",
        creator=_CREATOR,
    )


def encrypt_package(*, function_name: str, region: str = REGION, account: str = ACCOUNT) -> ServiceUse:
    """Let Lambda encrypt the package of a function.

    https://docs.aws.amazon.com/lambda/latest/dg/encrypt-zip-package.html

    Args:
        function_name: Name of the function, or a pattern of it.
        region: Region of the function.
        account: Account of the function.

    Raises:
        ConfigurationError: If the name, the Region or the account is none.
    """
    name = FUNCTION.check_pattern("function_name", function_name)
    where = f"{checked_region('region', region)}:{checked_account('account', account)}"
    function = f"arn:{PARTITION}:lambda:{where}:function:{name}"
    # Lambda's page compares by pattern: a published version appends its number to the ARN.
    context = in_context("aws:lambda:FunctionArn", function, f"{function}:*")
    return ServiceUse(
        title="Lambda: the package of a function",
        page=f"{_GUIDE}encrypt-zip-package.html",
        running=(
            Allowance(
                sid=f"LambdaPackages{short_digest(function)}",
                service="lambda.amazonaws.com",
                actions=(*DECRYPT, *GENERATE_DATA_KEY),
                conditions=context,
            ),
        ),
        creator=_CREATOR,
    )
