"""How an operation of ACM refuses."""


class AcmError(Exception):
    """ACM refuses; `code` is the name of its exception."""

    def __init__(self, code: str, message: str) -> None:
        """Take the name of ACM's exception and its message."""
        super().__init__(message)
        self.code = code


class InvalidCertificateError(AcmError):
    """ACM refuses the certificate, the chain or the key that it is given."""

    def __init__(self, message: str) -> None:
        """Take the message."""
        super().__init__("ValidationException", message)
