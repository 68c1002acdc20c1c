"""Data that a service keeps under a key, and whether somebody may use the key for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_evaluator import EvalContext
from ministack.core.responses import get_account_id, get_region
from ministack.services import kms

from local_aws.server.caller import caller, is_acting_as_role
from local_aws.server.decision import Question, refusal
from local_aws.server.kms.bound_principals import shown
from local_aws.server.kms.condition_keys import key_context


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
        context = {
            **key_context(record),
            **_encryption_context(self.encryption_context),
            "kms:CallerAccount": get_account_id(),
            "kms:EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
            "kms:ViaService": f"{self.service}.{get_region()}.amazonaws.com",
        }
        principal = caller()
        for operation in operations:
            refused = refusal(Question(action=f"kms:{operation}", resource=record["Arn"], context=context), principal)
            if refused is not None:
                return refused
        return None

    def admits_service(self, principal: str, operations: Sequence[str], *, source_arn: str) -> bool:
        """Ask the key's policy for the operations in the name of an AWS service that acts for itself.

        Args:
            principal: The service, such as `events.amazonaws.com`.
            operations: What it has to be allowed.
            source_arn: The resource for which it acts.
        """
        record = self._key()
        if record is None:
            return not self.key_id
        keys = {
            **_encryption_context(self.encryption_context),
            "kms:CallerAccount": get_account_id(),
            "aws:SourceArn": source_arn,
            "aws:SourceAccount": get_account_id(),
        }
        return all(
            iam_evaluator.evaluate_resource_policy(
                shown(record["Policy"]),
                EvalContext(
                    principal_arn=principal,
                    principal_type="Service",
                    principal_account=get_account_id(),
                    action=f"kms:{operation}",
                    resource_arn=record["Arn"],
                    region=get_region(),
                    service_context={name.lower(): value for name, value in keys.items()},
                ),
                service=principal,
            ).decision
            == "Allow"
            for operation in operations
        )

    def _key(self) -> dict[str, Any] | None:
        if not self.key_id or "alias/aws/" in self.key_id:
            return None
        found: dict[str, Any] | None = kms._resolve_key(self.key_id)
        return found


def _encryption_context(pairs: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {f"kms:encryptioncontext:{name}": value for name, value in pairs.items()}
    return found | {"kms:EncryptionContextKeys": list(pairs)}
