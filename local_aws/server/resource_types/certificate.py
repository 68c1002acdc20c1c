"""AWS::CertificateManager::Certificate, as the role that deploys: requested, validated in its zones, waited for.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-certificatemanager-certificate.html:
CloudFormation writes the CNAMEs of the names that have a hosted zone of the account and waits for up to three days.
Here it waits for some seconds, in which somebody else may write the others.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ministack.services import acm, route53
from ministack.services.cloudformation import provisioners, stacks

from local_aws.server.certificates.errors import AcmError
from local_aws.server.certificates.registry import perform
from local_aws.server.resource_types import certificate_calls
from local_aws.server.resource_types.answer import answer

TYPE = "AWS::CertificateManager::Certificate"
WAIT_SECONDS = 5.0
"""How long CloudFormation waits for the validation of a certificate."""

_POLL_SECONDS = 0.05
_CODES = {"ResourceNotFoundException": "NotFound", "LimitExceededException": "ServiceLimitExceeded"}
_CODES["ResourceInUseException"] = "ResourceConflict"
_Properties = Mapping[str, Any]


def row() -> dict[str, Any]:
    """Return the handlers, which run where they may wait."""
    stacks._runs_on_worker_thread = _or_waits(stacks._runs_on_worker_thread)
    return {"create": _create, "update": _update, "delete": _delete}


def _or_waits(runs: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda resource_type: resource_type == TYPE or runs(resource_type)


def _create(logical_id: str, properties: dict[str, Any], stack_name: str) -> tuple[str, dict[str, str]]:
    arn = str(_performed("RequestCertificate", certificate_calls.request(properties))["CertificateArn"])
    try:
        _write_records(arn, properties, stack_name, logical_id)
        _wait(arn)
    except ValueError:
        _performed("DeleteCertificate", {"CertificateArn": arn})
        raise
    return arn, {"Id": arn}


def _update(arn: str, old: dict[str, Any], new: dict[str, Any], _stack_name: str) -> tuple[str, dict[str, str]]:
    record = acm._certificates[arn]
    before, after = ({each["Key"]: each["Value"] for each in found.get("Tags") or ()} for found in (old, new))
    gone = [{"Key": key} for key in before if key not in after]
    if gone:
        answer(acm._remove_tags({"CertificateArn": arn, "Tags": gone}))
    if after:
        answer(acm._add_tags({"CertificateArn": arn, "Tags": [{"Key": key, "Value": after[key]} for key in after]}))
    record["Options"] |= certificate_calls.options(new)
    return arn, {"Id": arn}


def _delete(arn: str, _properties: dict[str, Any]) -> None:
    if arn in acm._certificates:
        _performed("DeleteCertificate", {"CertificateArn": arn})


def _write_records(arn: str, properties: _Properties, stack_name: str, logical_id: str) -> None:
    zones = {
        each["DomainName"].lower().removeprefix("*."): str(each["HostedZoneId"])
        for each in properties.get("DomainValidationOptions", ())
        if "HostedZoneId" in each
    }
    for name, record in _records(arn):
        _say(stack_name, logical_id, record)
        if name in zones:
            _write(zones[name], record)


def _records(arn: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Return the CNAME of each name once, which its wildcard shares."""
    options = _described(arn)["DomainValidationOptions"]
    found = {each["DomainName"].removeprefix("*."): each.get("ResourceRecord") for each in options}
    yield from ((name, record) for name, record in found.items() if record is not None)


def _say(stack_name: str, logical_id: str, record: Mapping[str, str]) -> None:
    """Tell whoever looks at the stack what ACM waits for, as CloudFormation does."""
    text = f"Content of DNS Record is: {{Name: {record['Name']},Type: CNAME,Value: {record['Value']}}}"
    stack_id = provisioners._cr_stack_id(stack_name)
    stacks._add_event(stack_id, stack_name, logical_id, TYPE, "CREATE_IN_PROGRESS", text)


def _write(zone_id: str, record: Mapping[str, str]) -> None:
    zone = route53._zones.get(zone_id)
    if zone is None:
        raise ValueError(f"No hosted zone found with ID: {zone_id} (HandlerErrorCode: NotFound)")
    if not f".{record['Name']}".endswith(f".{zone['name']}"):
        text = f"RRSet with DNS name {record['Name']} is not permitted in zone {zone['name']}"
        raise ValueError(f"[{text}] (HandlerErrorCode: InvalidRequest)")
    others = [each for each in route53._records[zone_id] if (each["Name"], each["Type"]) != (record["Name"], "CNAME")]
    made = {"Name": record["Name"], "Type": "CNAME", "TTL": "300", "ResourceRecords": [record["Value"]]}
    route53._records[zone_id] = [*others, made]


def _wait(arn: str) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while (found := _described(arn))["Status"] == "PENDING_VALIDATION":
        if time.monotonic() > end:
            missing = [each["DomainName"] for each in found["DomainValidationOptions"]
                       if each["ValidationStatus"] != "SUCCESS"]  # fmt: skip
            raise ValueError(
                f"Certificate {arn} is not validated after {WAIT_SECONDS:g} seconds: {', '.join(missing)} "
                "(HandlerErrorCode: NotStabilized)"
            )
        time.sleep(_POLL_SECONDS)
    if found["Status"] != "ISSUED":
        raise ValueError(f"Certificate {arn} is {found['Status']}: {found.get('FailureReason')}")


def _described(arn: str) -> dict[str, Any]:
    found: dict[str, Any] = _performed("DescribeCertificate", {"CertificateArn": arn})["Certificate"]
    return found


def _performed(name: str, request: dict[str, Any]) -> dict[str, Any]:
    try:
        return perform(name, request)
    except AcmError as error:
        code = _CODES.get(error.code, "InvalidRequest")
        text = f'Resource handler returned message: "{error} (Service: Acm)" (HandlerErrorCode: {code})'
        raise ValueError(text) from error
