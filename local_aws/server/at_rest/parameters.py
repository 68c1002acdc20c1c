"""A SecureString of Parameter Store is encrypted under its key only for a caller who may use that key through SSM.

https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html: `PutParameter` needs `Encrypt`, for
an advanced parameter `GenerateDataKey`; reading with decryption needs `Decrypt`; the encryption context is the
parameter's ARN.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from ministack.core.responses import error_response_json
from ministack.services import ssm

from local_aws.server.at_rest.stored_data import StoredData
from local_aws.server.deployed_arns import key_named

_Response: TypeAlias = tuple[int, Any, Any]
_Operation: TypeAlias = Callable[[dict[str, Any]], _Response]
_SECURE = "SecureString"
_OWN_KEY = "alias/aws/ssm"


def extend() -> None:
    """Stand before the operations that write values and after those that read them."""
    ssm._put_parameter = _writing(ssm._put_parameter)
    for name in ("_get_parameter", "_get_parameters", "_get_parameters_by_path", "_get_parameter_history"):
        setattr(ssm, name, _reading(getattr(ssm, name)))


def data_of(record: Mapping[str, Any]) -> StoredData:
    """Say under which key a parameter is.

    Args:
        record: ministack's record of it.
    """
    arn = record.get("ARN") or ssm._param_arn(record["Name"])
    return StoredData(service="ssm", key_id=record.get("KeyId", ""), encryption_context={"PARAMETER_ARN": arn})


def _writing(operation: _Operation) -> _Operation:
    def write(request: dict[str, Any]) -> _Response:
        _, existing = ssm._lookup_parameter(request.get("Name", ""))
        known = existing or {}
        refused = None
        if request.get("Type", known.get("Type")) == _SECURE:
            is_advanced = "Advanced" in (request.get("Tier"), known.get("Tier"))
            data = data_of({"Name": request.get("Name", ""), **known, "KeyId": request.get("KeyId") or _OWN_KEY})
            refused = _refused(data, "GenerateDataKey" if is_advanced else "Encrypt")
        return refused or operation(request)

    return write


def _reading(operation: _Operation) -> _Operation:
    def read(request: dict[str, Any]) -> _Response:
        response = operation(request)
        if response[0] >= 400 or not request.get("WithDecryption"):  # noqa: PLR2004  # HTTP's own boundary
            return response
        answer = json.loads(response[2])
        for parameter in [answer["Parameter"]] if "Parameter" in answer else answer["Parameters"]:
            _, record = ssm._lookup_parameter(parameter["Name"])
            if parameter["Type"] == _SECURE and record is not None:
                refused = _refused(data_of(record), "Decrypt")
                if refused is not None:
                    return refused
        return response

    return read


def _refused(data: StoredData, operation: str) -> _Response | None:
    refused = data.refusal_of_caller((operation,))
    if refused is not None:
        response: _Response = error_response_json("AccessDeniedException", refused, 400)
        return response
    key = key_named(data.key_id) if "alias/aws/" not in data.key_id else None
    if key is not None and key["KeyState"] != "Enabled":
        text = f"{key['Arn']} is {'disabled' if key['KeyState'] == 'Disabled' else 'pending deletion'}."
        failed: _Response = error_response_json("InvalidKeyId", text, 400)
        return failed
    return None
