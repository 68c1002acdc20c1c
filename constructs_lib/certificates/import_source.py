"""The secret from which a certificate is imported: refused if it cannot hold one, or nobody would hear of it."""

from typing import TYPE_CHECKING

import aws_cdk as cdk

from constructs_lib.errors import ConfigurationError
from constructs_lib.wiring.known_secret import check_known_secret
from constructs_lib.wiring.secret_fields import TellsFields

if TYPE_CHECKING:
    from aws_cdk import aws_iam as iam
    from aws_cdk import aws_secretsmanager as secretsmanager
    from constructs import Construct

# As `certificate_care.secret_fields` reads them.
_NEEDED = ("certificate", "private_key")


def check_source(scope: "Construct", secret: "secretsmanager.ISecret") -> None:
    """Refuse a secret that holds something else, or whose changes rules of a stack would not see.

    Args:
        scope: Where the certificate will be.
        secret: The secret.

    Raises:
        ConfigurationError: If it is no secret of this account and Region that is known by its full ARN, or one of this
            library whose fields are not those of a certificate.
    """
    check_known_secret(scope, "secret", secret)
    if not isinstance(secret, TellsFields):
        return
    fields = secret.field_names or ()
    if not set(_NEEDED) <= set(fields):
        raise ConfigurationError(
            f"secret must hold {' and '.join(_NEEDED)}, such as ManagedSecret(content=Supplied.certificate()), got "
            f"{secret.node.path} with {', '.join(fields) or 'a text'}"
        )


def announce_source(certificate: "Construct", secret: "secretsmanager.ISecret", role: "iam.IRole") -> None:
    """Say who must put what before the first deployment, and what is not seen or written from here.

    Args:
        certificate: The construct of the certificate.
        secret: The secret.
        role: Who reads it.
    """
    annotations = cdk.Annotations.of(certificate)
    annotations.add_info_v2(
        "cdk-key-management:imported-from-secret",
        f"the first deployment imports what {secret.node.path} holds, so a writer must have put JSON with certificate, "
        "private_key and certificate_chain before; later values are imported when the event of a trail "
        "that records write management events of this Region arrives, and otherwise within 12 hours",
    )
    if not cdk.Resource.is_owned_resource(secret):
        annotations.add_info_v2(
            "cdk-key-management:secret-imported",
            f"{secret.node.path} is imported, so nothing here writes its own policy and that of its key: its owner "
            f"lets {role.node.path} in; of a key other than aws/secretsmanager the app must know, by encryption_key= "
            "of secretsmanager.Secret.from_secret_attributes",
        )
    elif cdk.Stack.of(secret).node.path == cdk.Stack.of(certificate).node.path:
        annotations.add_info_v2(
            "cdk-key-management:secret-beside-certificate",
            f"{secret.node.path} is of the same stack: deploy that without the certificate first, or put the secret "
            "into a stack of its own, since a first deployment of both finds no value and takes the secret back",
        )
