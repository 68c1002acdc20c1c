"""What serves certificates: listeners, domains of APIs and of user pools, distributions."""
