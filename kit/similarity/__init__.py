"""Which submissions resemble each other more than independent work does: advice for a person."""
