"""Packs your work into submission.zip, looks it over, and opens it again to see that it works.

Run as `python -m cs231n.submission`, from any folder.
"""
