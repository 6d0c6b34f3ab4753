"""Work that nobody waits for: tasks by name, when each comes by itself, and the worker that does them.

A task makes one call into a use case, as a page and a command do. Each may come twice, so each is safe to repeat.
"""
