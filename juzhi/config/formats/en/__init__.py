"""Date formats people type."""
