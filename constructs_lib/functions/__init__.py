"""A bundled function with a role, a log group and traces of its own, and what cdk-nag finds in it."""
