"""Every scene, in the order in which people would read them."""

from tests.policies.scenes.audit import NEWS_KEY, TRAIL_KEY
from tests.policies.scenes.bound import BY_NAME, IN_CONTEXT
from tests.policies.scenes.grants import BY_PATTERN, GRANTS
from tests.policies.scenes.kinds import AGREEMENT, ASYMMETRIC_ENCRYPTION, IMPORTED, MAC, SIGNING
from tests.policies.scenes.narrowed_services import NARROWED_SERVICES, NO_SERVICES
from tests.policies.scenes.nothing_said import NOTHING_SAID
from tests.policies.scenes.objects import OBJECTS
from tests.policies.scenes.people import ALL_PEOPLE, ONLY_NAMED
from tests.policies.scenes.reference_app import ENVELOPE_KEY, OPERATIONS_KEY, STORAGE_KEY
from tests.policies.scenes.shared import SHARED

SCENES = (
    NOTHING_SAID,
    NARROWED_SERVICES,
    NO_SERVICES,
    ALL_PEOPLE,
    ONLY_NAMED,
    GRANTS,
    BY_PATTERN,
    BY_NAME,
    IN_CONTEXT,
    SHARED,
    SIGNING,
    MAC,
    AGREEMENT,
    ASYMMETRIC_ENCRYPTION,
    IMPORTED,
    ENVELOPE_KEY,
    STORAGE_KEY,
    OPERATIONS_KEY,
    TRAIL_KEY,
    NEWS_KEY,
    OBJECTS,
)

MUTATED = tuple(scene for scene in SCENES if scene is not STORAGE_KEY)
"""Scenes whose policies are mutated. The storage key says of four functions what the key of `OBJECTS` says of one."""
