"""COUNT: how many incidents lie round a point, in a unit, in a period; rows in = rows counted."""
