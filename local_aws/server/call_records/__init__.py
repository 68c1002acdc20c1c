"""CloudTrail's record of one call, part by part."""
