"""Mali incident maps."""
