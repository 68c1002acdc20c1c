"""Data that a service keeps under a key, and whether somebody may use the key for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import kms

from local_aws.server.call_recording import keep
from local_aws.server.call_records.service_call import service_call_record
from local_aws.server.caller import caller, is_acting_as_role
from local_aws.server.decision import Question, refusal
from local_aws.server.kms.bound_principals import shown
from local_aws.server.kms.condition_keys import key_context
from local_aws.server.service_principal import is_admitted


@dataclass(frozen=True, kw_only=True)
class StoredData:
    """Something that a service encrypts: `encryption_context` is what the service tells KMS about it.

    `key_id` is the key's id, ARN or alias, empty if the service's own key is used, which everybody may use through it.
    """

    service: str
    key_id: str
    encryption_context: Mapping[str, str]

    def refusal_of_caller(self, operations: Sequence[str]) -> str | None:
        """Ask for the operations of KMS in the caller's name, through the service.

        Returns:
            AWS's text for the first refusal; nothing if all are allowed or the emulator calls itself.
        """
        record = self._key()
        if record is None or not (is_acting_as_role() or iam_evaluator._verified_key.get()):
            return None
        principal = caller()
        context = {
            **key_context(record),
            **_encryption_context(self.encryption_context),
            "kms:CallerAccount": principal.account,
            "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
            "kms:ViaService": f"{self.service}.{get_region()}.amazonaws.com",
        }
        for operation in operations:
            refused = refusal(Question(action=f"kms:{operation}", resource=record["Arn"], context=context), principal)
            self._put_on_record(operation, record["Arn"], refused)
            if refused is not None:
                return refused
        return None

    def admits_service(self, principal: str, operations: Sequence[str], *, sent: Mapping[str, str]) -> bool:
        """Ask the key's policy for the operations in the name of an AWS service that acts for itself.

        Args:
            principal: The service, such as `events.amazonaws.com`.
            operations: What it has to be allowed.
            sent: The condition keys by which it says for whom it acts; some services send none.
        """
        record = self._key()
        if record is None:
            return not self.key_id
        keys = {
            **key_context(record),
            **_encryption_context(self.encryption_context),
            "kms:CallerAccount": get_account_id(),
            "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
            **sent,
        }
        return bool(record["Enabled"]) and all(
            is_admitted(
                shown(record["Policy"]),
                service=principal,
                action=f"kms:{operation}",
                resource=record["Arn"],
                keys=keys,
            )
            for operation in operations
        )

    def _put_on_record(self, operation: str, key_arn: str, refused: str | None) -> None:
        if is_acting_as_role():  # for which CloudFormation or Lambda calls, and nobody signed
            return
        made = service_call_record(
            service=self.service,
            operation=operation,
            key_arn=key_arn,
            encryption_context=self.encryption_context,
            refused=refused,
        )
        if made is not None:
            keep(made)

    def _key(self) -> dict[str, Any] | None:
        if not self.key_id or "alias/aws/" in self.key_id:
            return None
        found: dict[str, Any] | None = kms._resolve_key(self.key_id)
        return found


def _encryption_context(pairs: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {f"kms:encryptioncontext:{name}": value for name, value in pairs.items()}
    return found | {"kms:EncryptionContextKeys": list(pairs)}
