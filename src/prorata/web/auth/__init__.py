"""The door: signing in, and what people hold to do it with."""
