"""How functions run: as their role, with Lambda's environment variables, and with nothing else of this machine.

ministack's own worker gives a function the whole environment of the server and every package installed beside
it, calls each failure `Runtime.HandlerError`, ends the environment after a failure, and reports the memory of all
its functions for that of one.
https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

import importlib.util
import json
import os
import queue
import secrets
import subprocess
import sys
import tempfile
import threading
import zipfile
from contextvars import ContextVar
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.core.responses import get_account_id
from ministack.services import iam, lambda_svc, sts

from local_aws.server.function_sessions import remember
from local_aws.server.native_wheels import native_wheels
from local_aws.settings import Settings

_BOOTSTRAP = Path(__file__).with_name("function_bootstrap.py")
# What Lambda's Python runtimes bring.
_SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")

_MIB = 1 << 20

_failure: ContextVar[dict[str, Any] | None] = ContextVar("local_aws_function_failure", default=None)
_memory_bytes: ContextVar[int] = ContextVar("local_aws_function_memory", default=0)
_class_of_ministack = lambda_runtime._worker_class_for
_execute_as_ministack = lambda_svc._execute_function_warm


def extend(settings: Settings) -> None:
    """Run Python functions in `FunctionWorker`."""
    sdk = settings.folder / "sdk"
    sdk.mkdir()
    for package in _SDK:
        found = importlib.util.find_spec(package)
        if found is not None and found.origin is not None:
            origin = Path(found.origin)
            target = origin.parent if origin.name == "__init__.py" else origin
            (sdk / target.name).symlink_to(target)
    worker = partial(FunctionWorker, settings=settings)

    def worker_class(config: dict[str, Any]) -> Any:  # noqa: ANN401  # a class or its factory
        is_ours = str(config.get("Runtime", "")).startswith("python") and not config.get("Layers")
        return worker if is_ours else _class_of_ministack(config)

    lambda_runtime._worker_class_for = worker_class
    lambda_svc._execute_function_warm = _execute
    lambda_svc._probe_peak_memory_mb = _max_memory_used


class FunctionWorker(lambda_runtime.Worker):  # type: ignore[misc]  # ministack is not typed
    """One execution environment of a Python function."""

    def __init__(self, name: str, config: dict[str, Any], code: bytes, *, settings: Settings) -> None:
        """Take a function as ministack stores it; the process starts with the first invocation."""
        super().__init__(name, config, code)
        self._settings = settings

    def invoke(self, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  # ministack's own
        """Run one invocation and remember its failure and its memory, which ministack has no fields for."""
        response = super().invoke(*arguments, **options)
        _memory_bytes.set(response.pop("memory_bytes", 0))
        failure = response.pop("failure", None) or self._out_of_memory()
        _failure.set(failure)
        if failure is None:
            return response
        # The log has the failure already, as the runtime wrote it.
        return {**response, "status": "error", "error": failure["errorMessage"], "trace": ""}

    def _out_of_memory(self) -> dict[str, Any] | None:
        """End the environment if it used more than the function has; Lambda ends it at that moment."""
        if _memory_bytes.get() <= self.config.get("MemorySize", 128) * _MIB:
            return None
        self._proc.kill()
        return {"errorType": "Runtime.ExitError", "errorMessage": "Error: Runtime exited with error: signal: killed"}

    def _spawn(self) -> None:
        self._discard_tmpdir()
        self._tmpdir = tempfile.mkdtemp(prefix="function-")
        folder = Path(self._tmpdir) / "task"
        with zipfile.ZipFile(BytesIO(self.code_zip)) as archive:
            archive.extractall(folder)
        cache = self._settings.folder / "wheels"
        wheels = native_wheels(self.code_zip, cache=cache, environment=self._settings.installer_environment)
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and script
            [sys.executable, "-I", "-S", "-B", str(_BOOTSTRAP)],
            cwd=folder,
            env=self._environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._proc = process
        self._stderr_queue: queue.Queue[str] = queue.Queue()
        self._stderr_thread = threading.Thread(target=self._read_stderr, daemon=True)
        self._stderr_thread.start()
        module, _, handler = self.config["Handler"].rpartition(".")
        start = {
            "module": module.replace("/", "."),
            "handler": handler,
            "function_name": self.config["FunctionName"],
            "memory": self.config.get("MemorySize", 128),
            "paths": [str(path) for path in (wheels, folder) if path is not None],
            "runtime_paths": [str(self._settings.folder / "sdk")],
        }
        answer = _answer(process, json.dumps(start)) or {"error": self._drain_stderr_bounded()}
        if answer.get("status") != "ready":
            raise RuntimeError(f"the function could not be loaded: {answer['error']}")

    def _environment(self, folder: Path) -> dict[str, str]:
        config = self.config
        logging = config.get("LoggingConfig") or {}
        name, region = config["FunctionName"], config["FunctionArn"].split(":")[3]
        return {
            **(config.get("Environment") or {}).get("Variables", {}),
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "TZ": ":UTC",
            "TMPDIR": str(self._tmpdir),
            "LAMBDA_TASK_ROOT": str(folder),
            "_HANDLER": config["Handler"],
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{config['Runtime']}",
            "AWS_REGION": region,
            "AWS_DEFAULT_REGION": region,
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_LAMBDA_FUNCTION_VERSION": config.get("Version", "$LATEST"),
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
            "AWS_LAMBDA_LOG_GROUP_NAME": logging.get("LogGroup") or f"/aws/lambda/{name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": secrets.token_hex(16),
            "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
            "AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel", "INFO"),
            **_role_session(config),
            # Only here: where AWS is, and whom to trust.
            "AWS_ENDPOINT_URL": os.environ["AWS_ENDPOINT_URL"],
            "AWS_CA_BUNDLE": os.environ["AWS_CA_BUNDLE"],
            # Custom resources answer CloudFormation without an SDK.
            "SSL_CERT_FILE": os.environ["AWS_CA_BUNDLE"],
            "AWS_EC2_METADATA_DISABLED": "true",
        }


def _answer(process: "subprocess.Popen[str]", line: str) -> dict[str, Any] | None:
    """Send one line and read the answer to it; nothing if the process ended instead."""
    if process.stdin is None or process.stdout is None:
        return None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    return dict(json.loads(answer)) if answer else None


def _role_session(config: dict[str, Any]) -> dict[str, str]:
    """Open a session of the function's role, with keys that nobody can derive.

    Raises:
        RuntimeError: If the role does not exist.
    """
    role_name = config["Role"].rsplit("/", 1)[-1]
    role = iam._roles.get_scoped(get_account_id(), None, role_name)
    if role is None or role["Arn"] != config["Role"]:
        raise RuntimeError("The role defined for the function cannot be assumed by Lambda.")
    access_key_id = "ASIA" + secrets.token_hex(8).upper()
    secret, token = secrets.token_urlsafe(30), secrets.token_urlsafe(60)
    session = config["FunctionName"]
    remember(access_key_id, lambda_svc._func_arn(session))
    sts.register_session(
        access_key_id,
        {
            "Arn": f"arn:aws:sts::{get_account_id()}:assumed-role/{role_name}/{session}",
            "UserId": f"{role['RoleId']}:{session}",
            "SecretAccessKey": secret,
            "SessionToken": token,
            "AccountId": get_account_id(),
            "PrincipalType": "AssumedRole",
        },
    )
    return {"AWS_ACCESS_KEY_ID": access_key_id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}


def _max_memory_used(_function: dict[str, Any]) -> int:
    """Say what the last line of an invocation's log does, in MiB.

    https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
    """
    return -(-_memory_bytes.get() // _MIB)


def _execute(function: dict[str, Any], event: object, request_id: str) -> dict[str, Any]:
    _failure.set(None)
    _memory_bytes.set(0)
    response: dict[str, Any] = _execute_as_ministack(function, event, request_id)
    failure = _failure.get()
    if failure is not None:
        response["body"] = failure
    return response
