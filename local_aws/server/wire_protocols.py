"""The protocol of each service is read from the first lines of botocore's description of it.

ministack asks for it before it answers, and has botocore imported and all of the description read: a tenth of a second
for each service that anybody calls in a life of the embedded AWS.
"""

import functools
import gzip
import importlib.util
import json
from collections.abc import Callable, Mapping
from pathlib import Path

from ministack.core import responses

_NAME = '"metadata":'
_BEGINNING = 8192
_whole_description = responses._service_model


class _Description:
    """What botocore says of a service: the beginning at once, all else when somebody asks for it."""

    def __init__(self, metadata: Mapping[str, object], whole: Callable[[], object]) -> None:
        self.metadata = metadata
        self._whole = whole

    def __getattr__(self, name: str) -> object:
        return getattr(self._whole(), name)


def extend() -> None:
    """Read no more than what an answer needs."""
    responses._service_model = _description


def metadata(service: str) -> Mapping[str, object] | None:
    """Return the `metadata` of a service's newest description, or nothing if its beginning does not say it.

    Args:
        service: The service as ministack calls it.
    """
    found = importlib.util.find_spec("botocore")
    if found is None or found.origin is None:
        return None
    folder = Path(found.origin).parent / "data" / responses._BOTOCORE_NAME.get(service, service)
    descriptions = sorted(folder.glob("*/service-2.json.gz"))
    if not descriptions:
        return None
    with gzip.open(descriptions[-1], "rt", encoding="utf-8") as description:
        beginning = description.read(_BEGINNING)
    _, name, said = beginning.partition(_NAME)
    try:
        read, _ = json.JSONDecoder().raw_decode(said.lstrip())
    except ValueError:
        return None
    return read if name and isinstance(read, dict) else None


@functools.cache
def _description(service: str) -> object:
    read = metadata(service)
    whole = functools.partial(_whole_description, service)
    return whole() if read is None else _Description(read, whole)
