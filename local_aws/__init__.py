"""The embedded AWS: everything that is deployed to AWS, deployed on this machine."""

from local_aws.errors import DeploymentError, LocalAwsError
from local_aws.local_aws import LocalAws

__all__ = ["DeploymentError", "LocalAws", "LocalAwsError"]
