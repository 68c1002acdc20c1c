"""How events name a secret: by its ARN, and where nobody else writes the record, by what a caller wrote."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SecretInRecords:
    """How rules and messages call a secret.

    Attributes:
        arn: Its full ARN, with the six characters at its end.
        called: Its name; for one whose name CloudFormation makes, its path in the app.
        name: Its name, if it is known before deployment.
        rotated_by: The roles that rotate it, by their ARNs; empty if nobody does, None if they are not known.
    """

    arn: str
    called: str
    name: str | None = None
    rotated_by: tuple[str, ...] | None = None

    @property
    def in_answer(self) -> Mapping[str, Any]:
        """What the record of a call says that answers with the secret's ARN.

        Until February 2024 some records wrote `aRN`, and AWS advises to look for both.
        https://docs.aws.amazon.com/secretsmanager/latest/userguide/monitoring-eventbridge.html
        https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html
        """
        return {"responseElements": {"$or": [{"arn": [self.arn]}, {"aRN": [self.arn]}]}}

    @property
    def in_answer_to_others(self) -> Mapping[str, Any]:
        """What the record of a call says that others made than the roles that rotate it, so far as these are known.

        Users, and the root user, have no session, and so no role that issued one.
        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
        """
        if not self.rotated_by:
            return self.in_answer
        others: list[dict[str, Any]] = [{"anything-but": list(self.rotated_by)}, {"exists": False}]
        issued = [{"sessionContext": {"sessionIssuer": {"arn": [each]}}} for each in others]
        return {**self.in_answer, "userIdentity": {"$or": issued}}

    @property
    def in_answer_or_request(self) -> Mapping[str, Any]:
        """What the record of a call says that may answer with nothing, as the API of tags does.

        A caller writes the ARN, with or without its end, or the name. What is written without the end is not seen in
        the request.
        """
        return {
            "$or": [
                {"responseElements": {"arn": [self.arn]}},
                {"responseElements": {"aRN": [self.arn]}},
                {"requestParameters": {"secretId": self.as_written}},
            ]
        }

    @property
    def in_news(self) -> Mapping[str, Any]:
        """What the record of an event says that Secrets Manager tells by itself.

        The pages of AWS do not say where. Published records have `additionalEventData.SecretId`; of rotations that a
        service manages, `serviceEventDetails.secretId` was seen.
        """
        return {
            "$or": [
                {"additionalEventData": {"SecretId": [self.arn]}},
                {"serviceEventDetails": {"secretId": [self.arn]}},
            ]
        }

    @property
    def in_refusal(self) -> Mapping[str, Any]:
        """What the record of a refused call says: what the caller wrote, in the request or in the error alone.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
        """
        in_error = [{"wildcard": f"*on resource: {self.arn}*"}]
        if self.name is not None:
            in_error.append({"wildcard": f"*on resource: {self.name} because*"})
        return {
            "errorCode": [{"prefix": "AccessDenied"}],
            "$or": [{"requestParameters": {"secretId": self.as_written}}, {"errorMessage": in_error}],
        }

    @property
    def as_written(self) -> list[str]:
        """How a caller may write it, so far as that is known."""
        return [self.arn] if self.name is None else [self.arn, self.name]
