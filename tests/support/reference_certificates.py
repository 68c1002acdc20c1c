"""What the reference app is told to have certificates."""

from typing import Any, Final

from app import DOMAIN_NAME, HOSTED_ZONE_ID, IMPORTED_NAME

CERTIFICATES: Final[dict[str, Any]] = {
    DOMAIN_NAME: "example.com",
    HOSTED_ZONE_ID: "Z0123456789ABCDEFGHIJ",
    IMPORTED_NAME: "partner.example.com",
}
