"""What an account owns, read for taking it out: a few rows at a time, all as of one moment, and no secret."""
