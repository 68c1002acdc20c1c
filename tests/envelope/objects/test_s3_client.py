"""What is called of S3 is what S3 has."""

import ast
import inspect
from pathlib import Path
from typing import Any

from envelope.objects import s3_client

OPERATIONS = {
    name for name, value in vars(s3_client.S3Client).items() if inspect.isfunction(value) and not name.startswith("_")
}


def test_every_operation_is_one_of_s3(s3: Any) -> None:
    assert {name for name in OPERATIONS if not hasattr(s3, name)} == set()


def test_nothing_is_called_that_is_not_listed() -> None:
    modules = Path(s3_client.__file__).parent.glob("*.py")
    called = {
        node.attr
        for path in modules
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"s3", "self.s3", "self._s3"}
    }
    assert called == OPERATIONS | {"meta"}
