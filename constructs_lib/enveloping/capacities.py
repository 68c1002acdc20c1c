"""Memory and time that the kinds of work with envelopes get, unless the settings of a function say otherwise."""

from constructs_lib.functions.function_settings import Capacity

# Loading botocore and cryptography is bound by the processor, and Lambda gives processor time in proportion to memory;
# a request of 6 MB, Lambda's largest, needs far less memory than this. One call of KMS with the SDK's retries takes
# seconds; a caller behind API Gateway gives up after 29 anyway.
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
REQUESTS = Capacity(memory_size_mib=512, seconds=30)

# One whole processor, which is what sealing a stream and moving it over TLS keeps busy, and the longest that Lambda
# runs: objects have any size. The stream itself takes some MiB whatever the size, and nothing is put on a disk.
OBJECTS = Capacity(memory_size_mib=1769, seconds=900)

# A batch is at most 6 MB; most of its time is one call of KMS and one to the destination.
RECORDS = Capacity(memory_size_mib=512, seconds=60)
