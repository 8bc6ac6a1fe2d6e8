"""The matrix: every address × role × method × own, foreign and unknown key."""
