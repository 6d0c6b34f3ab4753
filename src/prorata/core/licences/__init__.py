"""Licences: how many are bought since when, and who holds one."""
