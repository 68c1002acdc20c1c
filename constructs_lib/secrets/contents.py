"""What a secret holds: a value that Secrets Manager draws, one that somebody puts later, or an unsafe one."""

from constructs_lib.secrets.database_engine import DatabaseEngine
from constructs_lib.secrets.drawn_characters import Characters
from constructs_lib.secrets.generated import Generated
from constructs_lib.secrets.secret_content import Content
from constructs_lib.secrets.supplied import Supplied
from constructs_lib.secrets.unsafe_value import UnsafeValue, unsafe_value

__all__ = ["Characters", "Content", "DatabaseEngine", "Generated", "Supplied", "UnsafeValue", "unsafe_value"]
