"""The first version of the API. What it answers is only ever added to; what would change goes into a version 2."""
