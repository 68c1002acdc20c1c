"""`python -m kms_envelope` is the command `kms-envelope`."""

import sys

from kms_envelope.command_line import main

if __name__ == "__main__":
    sys.exit(main())
