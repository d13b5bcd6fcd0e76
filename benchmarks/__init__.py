"""The performance table, run on request: `python -m benchmarks`."""
