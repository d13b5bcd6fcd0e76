"""Staff only: must not ship."""
