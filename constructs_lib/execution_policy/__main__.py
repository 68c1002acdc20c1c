"""Print the least execution policy of an app: `python -m constructs_lib.execution_policy cdk.out`."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from constructs_lib.errors import ConfigurationError
from constructs_lib.execution_policy.least_policies import execution_policies
from constructs_lib.execution_policy.template_arns import Place


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the policy documents as JSON.

    Args:
        arguments: The command line without the program's name.
    """
    parser = argparse.ArgumentParser(
        prog="python -m constructs_lib.execution_policy",
        description="Print the least CloudFormation execution policy of an app, as a list of documents.",
    )
    parser.add_argument("assembly", type=Path, help="the folder that 'cdk synth' wrote, such as cdk.out")
    parser.add_argument("--partition", default=Place.partition, help="aws unless told otherwise")
    parser.add_argument("--region", default=Place.region, help="any Region unless told otherwise")
    parser.add_argument("--account", default=Place.account, help="any account unless told otherwise")
    chosen = parser.parse_args(arguments)
    place = Place(partition=chosen.partition, region=chosen.region, account=chosen.account)
    try:
        documents = execution_policies(chosen.assembly, place=place)
    except ConfigurationError as error:
        parser.exit(1, f"{error}\n")
    sys.stdout.write(json.dumps(documents, indent=2) + "\n")


if __name__ == "__main__":
    main()
