"""What can go wrong, one class for each thing that somebody can do about it."""
# The class name is the `errorType` that Lambda's log and metrics show: it says what is wrong, and "Error" behind it
# would say nothing more.
# ruff: noqa: N818


class CertificateCareError(Exception):
    """Every failure that this package expects.

    Texts follow one form: `<argument> must be <allowed>, got <value>`. They never hold a private key or a passphrase.
    """


class InvalidEvent(CertificateCareError):
    """This is no event that the function knows: CloudFormation, EventBridge and schedules invoke it."""


class Misconfigured(CertificateCareError):
    """The function was deployed with settings that it does not take: deploy it with others."""


class CertificateRefused(CertificateCareError):
    """The certificate in the secret is not imported: put a right one into the secret."""


class NotIssued(CertificateCareError):
    """The certificate is not issued yet, or never will be: see to its validation records."""


class StillInUse(CertificateCareError):
    """Something serves the certificate: take it from there first."""


class AccessDenied(CertificateCareError):
    """AWS will not do this for the function: somebody who administers it must allow it."""


class Unavailable(CertificateCareError):
    """AWS could not answer now: the same can be asked again later."""


class Unfinished(CertificateCareError):
    """A Create that failed after it had made something: CloudFormation hears what, and has it deleted.

    Attributes:
        physical_id: What was made.
    """

    def __init__(self, text: str, *, physical_id: str) -> None:
        """Say what was made before it failed.

        Args:
            text: Why it failed.
            physical_id: What was made.
        """
        super().__init__(text)
        self.physical_id = physical_id
