"""What reaches out to machines of others, for the ports that use cases name."""
