"""SHOW: located incidents become interactive maps and still figures."""
