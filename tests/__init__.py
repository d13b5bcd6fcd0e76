"""Tests: one file for each room or module of the tree; tools of theirs stand beside them."""
