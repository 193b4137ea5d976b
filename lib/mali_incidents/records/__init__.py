"""READ: files of records become incident tables, and what was wrong in them findings."""
