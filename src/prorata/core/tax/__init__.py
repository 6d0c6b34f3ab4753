"""Tax: per rate group of a document, rounded once."""
