"""How an operation of Secrets Manager refuses."""


class SecretsError(Exception):
    """Secrets Manager refuses; `code` is the name of its exception."""

    def __init__(self, code: str, message: str) -> None:
        """Take the name of Secrets Manager's exception and its message."""
        super().__init__(message)
        self.code = code
