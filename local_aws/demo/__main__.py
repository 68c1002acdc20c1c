"""The story of the demonstration, from an empty machine to an account that is gone again."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from local_aws import LocalAws
from local_aws.cdk_cli import CHECKOUT
from local_aws.demo.certificates import show_certificates
from local_aws.demo.deployment import deploy
from local_aws.demo.narration import Narration
from local_aws.demo.news import Inbox, show_news, show_record
from local_aws.demo.objects import show_arrival, show_objects
from local_aws.demo.refusals import show_refusals
from local_aws.demo.road import show_road
from local_aws.demo.secrets import show_secret
from local_aws.demo.who_can import show_recorded_calls, show_who_can


def main() -> int:
    """Show encryption and decryption under an enforced key policy; return 0 only if everything held."""
    arguments = argparse.ArgumentParser(prog="python -m local_aws.demo", description=__doc__)
    arguments.add_argument("file", nargs="?", type=Path, default=CHECKOUT / "README.md", help="what to encrypt")
    arguments.add_argument(
        "--assembly",
        type=Path,
        help="where to keep what is synthesised and bundled, for the next time; else it goes too",
    )
    given = arguments.parse_args()
    data = given.file.read_bytes()

    narration = Narration()
    narration.heading("An AWS account on this machine: TLS, IAM enforced, every call recorded")
    with LocalAws() as aws, TemporaryDirectory() as folder:
        deployment = deploy(aws, given.assembly or Path(folder), narration)
        inbox = Inbox(aws, deployment.news_topic)
        message = show_road(deployment, data, narration)
        show_refusals(deployment, message, narration)
        show_objects(deployment, narration)
        show_arrival(deployment, narration)
        show_news(deployment, inbox, narration)
        show_secret(deployment, inbox, narration)
        show_certificates(deployment, narration)
        show_record(deployment, narration)
        show_recorded_calls(deployment, narration)
        show_who_can(deployment, message, narration)
    narration.say("the account and everything in it is gone")
    return narration.conclusion()


if __name__ == "__main__":
    sys.exit(main())
