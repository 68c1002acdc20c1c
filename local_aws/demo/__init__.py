"""The main job, shown end to end on the embedded AWS: `python -m local_aws.demo [FILE]`."""
