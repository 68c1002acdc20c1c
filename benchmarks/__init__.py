"""What the README and the decisions claim about speed, measured: `make bench`."""
