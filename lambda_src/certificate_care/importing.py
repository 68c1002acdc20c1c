"""The function that imports the certificate of a secret into ACM, after it has checked it.

CloudFormation invokes it for the first import, rules when the secret changes, and a schedule, since events can be lost.
Each time it reads the current value anew. What is refused changes nothing: ACM serves on what it has.
"""

import logging
import os
from collections.abc import Callable, Mapping
from functools import cache

from certificate_care.certificate_arn import read_certificate_arn
from certificate_care.clients import client
from certificate_care.custom_resource import STACK_ID, is_asked_by_cloudformation, respond
from certificate_care.errors import CertificateCareError, InvalidEvent
from certificate_care.import_settings import CERTIFICATE_ARN
from certificate_care.importer import Importer
from certificate_care.response_endpoint import PutsAnswer, put_answer
from certificate_care.waiting import TellsTimeLeft, Waiting

_logger = logging.getLogger("certificate_care")


def handle(
    event: object,
    lambda_context: TellsTimeLeft,
    *,
    deployment: Callable[[], Importer] | None = None,
    variables: Mapping[str, str] = os.environ,
    put: PutsAnswer = put_answer,
) -> dict[str, object] | None:
    """Import, for CloudFormation, a rule or a schedule.

    Args:
        event: CloudFormation's, or `{"certificate_arn": ...}`.
        lambda_context: Says how much time is left.
        deployment: Gives rules and clients. Default: those of the environment.
        variables: Say which stack may ask.
        put: Brings an answer to CloudFormation.

    Returns:
        Nothing for CloudFormation, which is answered otherwise; else the metrics that are 1.

    Raises:
        CertificateCareError: One of its kinds, with nothing chained to it; never for CloudFormation, which hears it.
        RuntimeError: For what nobody expected, with no more than its name.
    """
    given = deployment or deployed
    if is_asked_by_cloudformation(event):
        waiting = Waiting.within(lambda_context)
        stack = variables.get(STACK_ID, "")
        respond(event, lambda asked: given().asked(asked, waiting=waiting), own_stack=stack, put=put)
        return None
    failure: Exception
    try:
        happened = given().again(_read_event(event))
    except CertificateCareError as error:
        failure = type(error)(str(error))
    except Exception as error:  # noqa: BLE001  # raised again below without its text, which may hold a value
        failure = RuntimeError(f"unexpected {type(error).__name__}")
    else:
        _logger.info("import: %s", sorted(happened) or "nothing new")
        return {"happened": sorted(happened)}
    _logger.warning("import: %s", type(failure).__name__, extra={"error": str(failure)})
    # Raised out here, where nothing is being handled: with nothing chained behind it, no traceback shows more.
    raise failure


@cache
def deployed() -> Importer:
    """Give what the environment of this process says."""
    return Importer.of(os.environ, secrets=client("secretsmanager"), acm=client("acm"))


def _read_event(event: object) -> str:
    if not isinstance(event, Mapping) or set(event) != {CERTIFICATE_ARN}:
        raise InvalidEvent(
            f'event must be {{"{CERTIFICATE_ARN}": ...}} or a request of CloudFormation, got another one'
        )
    return read_certificate_arn(CERTIFICATE_ARN, event[CERTIFICATE_ARN])
