"""Letting people in: what they show, what they are given for it, and how long it counts."""
