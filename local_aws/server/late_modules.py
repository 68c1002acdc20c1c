"""Services that few stacks use are loaded when the first request or resource needs them.

CloudFormation's handlers in ministack import every service there is, DuckDB, a key of Cognito's and all: a third of the
time that a start of the embedded AWS takes.
"""

import importlib.machinery
import sys
import threading
from collections.abc import Callable, Sequence
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType

_SERVICES = {
    "acm", "alb", "apigateway", "apigateway_v1", "appconfig", "appsync", "athena", "autoscaling", "backup",
    "cloudfront", "codebuild", "cognito", "documentdb", "ec2", "ecr", "ecs", "efs", "elasticache", "firehose", "glue",
    "iot", "kinesisanalyticsv2", "opensearch", "pipes", "rds", "route53", "s3tables", "servicediscovery", "ses",
    "ses_v2", "stepfunctions", "waf",
}  # fmt: skip
LATE = frozenset(f"ministack.services.{name}" for name in _SERVICES)
"""The modules, by the names under which they are imported."""

_extensions: dict[str, Callable[[], None]] = {}


class _LateModule(ModuleType):
    """A module whose code runs when somebody asks for the first thing in it.

    The standard library's `LazyLoader` loads a module when it is imported for the second time already.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        # Whoever asks from another thread meanwhile must not see half a module.
        self._loading = threading.RLock()

    def __getattr__(self, name: str) -> object:
        with self._loading:
            loader: Loader | None = self.__dict__.pop("_late_loader", None)
            if loader is not None:
                loader.exec_module(self)
                _extensions.get(self.__name__, _nothing)()
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None


class _LateLoader(Loader):
    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _LateModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__["_late_loader"] = self._loader


class _LateFinder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in LATE and fullname not in _extensions:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _LateLoader(spec.loader)
        return spec


def when_loaded(name: str, extend: Callable[[], None]) -> None:
    """Extend a service when it is loaded, and load it late.

    Args:
        name: The module, by the name under which it is imported.
        extend: Replaces what is in it; called once, before anybody else sees the module.
    """
    _extensions[name] = extend


def load(module: ModuleType) -> None:
    """Load a module now, if nobody has asked for anything in it."""
    getattr(module, "__all__", None)


def is_loaded(module: ModuleType) -> bool:
    """Say whether somebody has asked for anything in a module."""
    return "_late_loader" not in vars(module)


def install() -> None:
    """Load them late from now on; call it before ministack is imported."""
    if not any(isinstance(each, _LateFinder) for each in sys.meta_path):
        sys.meta_path.insert(0, _LateFinder())


def _nothing() -> None:
    """Extend nothing."""
