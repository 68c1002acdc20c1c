"""Start the embedded AWS: settings on standard input, the port on standard output.

It serves until standard input closes, which happens when whoever started it stops it or dies in any way. Each further
line there is a command, answered by a line on standard output.
"""

import gc
import json
import os
import socket
import sys

from local_aws.server.life import end_with_parent
from local_aws.settings import Settings


def main() -> None:
    """Open a free port on the loopback interface, say which, and serve."""
    settings = Settings.from_line(sys.stdin.readline())
    end_with_parent(settings.folder, _hear)
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("127.0.0.1", 0))
    # Listening from here on: whoever connects before ministack is loaded waits instead of being refused.
    listener.listen(128)
    port = listener.getsockname()[1]
    os.environ["GATEWAY_PORT"] = str(port)
    os.environ["AWS_ENDPOINT_URL"] = f"https://localhost:{port}"
    print(json.dumps({"port": port}), flush=True)  # noqa: T201  # the answer that the parent waits for
    # Looking for garbage among what is being imported, all of which stays, takes as long as importing a tenth of it.
    gc.disable()
    from local_aws.server.serve import serve  # noqa: PLC0415  # ministack reads the environment on import

    gc.freeze()
    gc.enable()
    serve(settings, listener)


def _hear(line: str) -> None:
    from local_aws.server import operator_commands  # noqa: PLC0415  # ministack reads the environment on import

    operator_commands.hear(line)


if __name__ == "__main__":
    main()
