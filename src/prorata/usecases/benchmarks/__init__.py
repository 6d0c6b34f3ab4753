"""Benchmarks: what the engine does in a second, each figure beside a yardstick taken in the same run."""
