"""AWS CDK constructs for encryption and key management.

Each name is loaded when it is first asked for, so that one construct does not load them all.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from constructs_lib.public_names import HOMES

if TYPE_CHECKING:
    from constructs_lib.agreement_key import AgreementKey
    from constructs_lib.asymmetric_encryption_key import AsymmetricEncryptionKey
    from constructs_lib.audit_queries import AuditQueries
    from constructs_lib.audit_trail import AuditTrail
    from constructs_lib.auditing.data_events import DataAccess, DataEvents
    from constructs_lib.auditing.insight import Insight
    from constructs_lib.auditing.object_lock import ObjectLock
    from constructs_lib.certificate_watch import CertificateWatch
    from constructs_lib.certificate_zone_role import CertificateZoneRole
    from constructs_lib.certificates.caa_records import CaaRecords
    from constructs_lib.certificates.requester import Requester
    from constructs_lib.certificates.validation import (
        DelegatedZone,
        dns_validation,
        outside_dns,
        unsafe_email_validation,
    )
    from constructs_lib.certificates.wanted_certificate import Export
    from constructs_lib.cis_alarms import CisAlarms
    from constructs_lib.encrypt_on_arrival import EncryptOnArrival
    from constructs_lib.encryption_key import EncryptionKey
    from constructs_lib.envelope_encryption import EnvelopeEncryption
    from constructs_lib.envelope_reencryption import EnvelopeReencryption
    from constructs_lib.enveloping.batches import Batches
    from constructs_lib.enveloping.data_key_limits import DataKeyLimits
    from constructs_lib.enveloping.message_settings import AlgorithmSuite, CommitmentPolicy
    from constructs_lib.enveloping.object_events import Notifications
    from constructs_lib.errors import ConfigurationError
    from constructs_lib.existing_key import ExistingKey
    from constructs_lib.existing_trail import ExistingTrail
    from constructs_lib.functions.function_network import FunctionNetwork
    from constructs_lib.guards import KeepsLockoutCheck, OnlyDeletedBy, RotatesWithin, WaitsAtLeast
    from constructs_lib.imported_certificate import ImportedCertificate
    from constructs_lib.key_dashboard import KeyDashboard
    from constructs_lib.key_kind import KeyKind
    from constructs_lib.key_policy import Administration
    from constructs_lib.key_settings import KeyMaterial, KeySettings, KeyState, Lifecycle
    from constructs_lib.key_specs import AgreementSpec, AsymmetricEncryptionSpec, MacSpec, SigningSpec
    from constructs_lib.key_succession import KeySuccession
    from constructs_lib.key_watch import KeyWatch
    from constructs_lib.mac_key import MacKey
    from constructs_lib.managed_certificate import ManagedCertificate
    from constructs_lib.managed_secret import ManagedSecret
    from constructs_lib.multi_region_key import MultiRegionKey
    from constructs_lib.naming.encryption_context import with_context
    from constructs_lib.naming.naming import Naming
    from constructs_lib.naming.organizational_unit import organizational_unit
    from constructs_lib.naming.permission_set import permission_set
    from constructs_lib.naming.role_names import UnnamedRoles
    from constructs_lib.record_encryption import Direction, RecordEncryption
    from constructs_lib.rotation_function import AlternatingUsers, RotationFunction
    from constructs_lib.secret_watch import SecretWatch
    from constructs_lib.secrets.contents import Characters, DatabaseEngine, Generated, Supplied, unsafe_value
    from constructs_lib.secrets.hosted import Hosted, HostedUsers
    from constructs_lib.secrets.replicas import Replica
    from constructs_lib.secrets.rotation import ByFunction, WhenChanged
    from constructs_lib.secrets.rotation_schedule import RotationSchedule
    from constructs_lib.secrets.service_step import ServiceStep
    from constructs_lib.secure_parameter import SecureParameter
    from constructs_lib.serving.http_api_domain import HttpApiDomain
    from constructs_lib.serving.https_listener import HttpsListener, PlainHttp
    from constructs_lib.serving.rest_api_domain import RestApiDomain
    from constructs_lib.serving.secure_distribution import SecureDistribution
    from constructs_lib.serving.strict_transport import StrictTransport
    from constructs_lib.serving.tls_listener import TlsListener
    from constructs_lib.serving.tls_policy import MinimumTls
    from constructs_lib.serving.user_pool_domain import UserPoolDomain
    from constructs_lib.signing_key import SigningKey
    from constructs_lib.watching.burst import Burst
    from constructs_lib.watching.certificate_event import CertificateEvent
    from constructs_lib.watching.cis_controls import CisControl
    from constructs_lib.watching.key_event import KeyEvent
    from constructs_lib.watching.notify import NewTopic, ToBus, ToChat, ToTopic
    from constructs_lib.watching.secret_event import SecretEvent
    from constructs_lib.wiring.certificate_facts import KeyAlgorithm
    from constructs_lib.wiring.certificate_targets import Target
    from constructs_lib.wiring.recorded_trail import TrailReach

__all__ = [
    "Administration",
    "AgreementKey",
    "AgreementSpec",
    "AlgorithmSuite",
    "AlternatingUsers",
    "AsymmetricEncryptionKey",
    "AsymmetricEncryptionSpec",
    "AuditQueries",
    "AuditTrail",
    "Batches",
    "Burst",
    "ByFunction",
    "CaaRecords",
    "CertificateEvent",
    "CertificateWatch",
    "CertificateZoneRole",
    "Characters",
    "CisAlarms",
    "CisControl",
    "CommitmentPolicy",
    "ConfigurationError",
    "DataAccess",
    "DataEvents",
    "DataKeyLimits",
    "DatabaseEngine",
    "DelegatedZone",
    "Direction",
    "EncryptOnArrival",
    "EncryptionKey",
    "EnvelopeEncryption",
    "EnvelopeReencryption",
    "ExistingKey",
    "ExistingTrail",
    "Export",
    "FunctionNetwork",
    "Generated",
    "Hosted",
    "HostedUsers",
    "HttpApiDomain",
    "HttpsListener",
    "ImportedCertificate",
    "Insight",
    "KeepsLockoutCheck",
    "KeyAlgorithm",
    "KeyDashboard",
    "KeyEvent",
    "KeyKind",
    "KeyMaterial",
    "KeySettings",
    "KeyState",
    "KeySuccession",
    "KeyWatch",
    "Lifecycle",
    "MacKey",
    "MacSpec",
    "ManagedCertificate",
    "ManagedSecret",
    "MinimumTls",
    "MultiRegionKey",
    "Naming",
    "NewTopic",
    "Notifications",
    "ObjectLock",
    "OnlyDeletedBy",
    "PlainHttp",
    "RecordEncryption",
    "Replica",
    "Requester",
    "RestApiDomain",
    "RotatesWithin",
    "RotationFunction",
    "RotationSchedule",
    "SecretEvent",
    "SecretWatch",
    "SecureDistribution",
    "SecureParameter",
    "ServiceStep",
    "SigningKey",
    "SigningSpec",
    "StrictTransport",
    "Supplied",
    "Target",
    "TlsListener",
    "ToBus",
    "ToChat",
    "ToTopic",
    "TrailReach",
    "UnnamedRoles",
    "UserPoolDomain",
    "WaitsAtLeast",
    "WhenChanged",
    "dns_validation",
    "organizational_unit",
    "outside_dns",
    "permission_set",
    "unsafe_email_validation",
    "unsafe_value",
    "with_context",
]


def __dir__() -> list[str]:
    """Return the public names, beside what is loaded already."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> object:
    """Load a public name from the module that defines it.

    Raises:
        AttributeError: If there is no such name.
    """
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
