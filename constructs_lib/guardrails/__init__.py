"""What must hold of our keys in the templates, whichever way it got there. One rule a file."""
