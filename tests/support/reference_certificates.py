"""What the reference app is told to have certificates."""

from app import DOMAIN_NAME, HOSTED_ZONE_ID, IMPORTED_NAME

CERTIFICATES = {
    DOMAIN_NAME: "example.com",
    HOSTED_ZONE_ID: "Z0123456789ABCDEFGHIJ",
    IMPORTED_NAME: "partner.example.com",
}
