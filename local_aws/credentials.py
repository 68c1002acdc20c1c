"""Access keys of the embedded AWS, made anew for each of its lives."""

import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """One person's access key; a role's session has a token as well."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str | None = field(default=None, repr=False)

    @classmethod
    def random(cls) -> "Credentials":
        """Make an access key of AWS's form that nothing else knows."""
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
        return cls(
            access_key_id="AKIA" + "".join(secrets.choice(letters) for _ in range(16)),
            secret_access_key=secrets.token_urlsafe(30),
        )

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables in which AWS's tools look for an access key."""
        found = {
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
        }
        if self.session_token is not None:
            found["AWS_SESSION_TOKEN"] = self.session_token
        return found
