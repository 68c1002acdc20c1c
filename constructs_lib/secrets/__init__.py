"""What a managed secret holds, who may use it, and how it is rotated."""
