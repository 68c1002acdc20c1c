"""A function with its locked wheels and its bytecode as an asset, without Docker."""
