"""How an operation of KMS refuses."""


class KmsError(Exception):
    """KMS refuses; `code` is the name of its exception."""

    def __init__(self, code: str, message: str) -> None:
        """Take the name of KMS's exception and its message."""
        super().__init__(message)
        self.code = code
