"""PUBLISH: maps and tables become files that others can use."""
