"""LOCATE: places in records become points, areas and reasons."""
