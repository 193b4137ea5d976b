"""RELEASE: which rows, columns and coordinates may leave, and what is said of the rest."""
