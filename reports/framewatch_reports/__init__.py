"""The weekly report: assembled from frames, rendered, written."""
