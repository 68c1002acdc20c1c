"""Findings of cdk-nag that do not apply to these functions: each answered on one resource, with its reason."""

OUTSIDE_VPC = (
    "The function reaches no private resource: it calls KMS and X-Ray, and those services that its role names, over "
    "TLS with signed requests, and nothing can connect to it. Who may invoke it and what it may do with the key is "
    "decided by IAM and the key policy. A VPC would add network permissions on every resource to a role that "
    "otherwise has none."
)
NO_QUEUE = (
    "A dead-letter queue or a failure destination would keep the failed request, and with it the plaintext, outside "
    "of the envelope. Callers wait for the answer and see every failure themselves; an asynchronous request, whose "
    "answer would be lost, is not retried and dropped after a minute at most."
)
POLLED = (
    "Lambda polls the function's source and invokes it synchronously, so that a queue of the function's own would stay "
    "empty: what fails goes back to the source, and from there to its dead-letter queue or failure destination."
)
REDRIVEN = (
    "Lambda takes a failure destination for streams alone. What fails goes back to this queue, and from there, tried "
    "often enough, to its dead-letter queue."
)
END_OF_THE_WAY = (
    "This is itself the dead-letter queue: what is in it has failed often enough, and waits for fourteen days for "
    "somebody to look at it."
)
OBJECTS = (
    "The function works on objects of this one bucket whose names are chosen at run time, below the prefix that the "
    "application gave, if it gave one; the actions are exact ones, to read or to write and never both."
)
