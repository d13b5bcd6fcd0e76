"""Re-executes notebooks from top to bottom under pytest, and finds the answers in them.

plugin (runs cells, beside nbval), outputs (compares results), kernel (sets their environment).
"""
