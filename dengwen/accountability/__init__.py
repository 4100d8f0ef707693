"""Accountability (责任追究, S 11–18): leads, inquiry, measures, honours, notification, appeals."""
