"""The lowest floor: words every folder shares; it imports nothing of the house."""
