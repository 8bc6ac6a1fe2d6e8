"""What every test stands on: a private data folder."""
