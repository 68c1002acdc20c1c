"""What each AWS service needs from a key policy: one module per family of services, one function per use. No jsii."""
