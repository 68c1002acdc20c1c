"""The process of the embedded AWS: ministack, what it lacks, and nothing that it should not offer.

Every module here runs inside that process. `__main__` reads the settings and opens the port before ministack
is imported, because ministack reads its configuration from the environment when it is imported.
"""

from local_aws.server import late_modules

late_modules.install()
