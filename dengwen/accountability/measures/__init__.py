"""Decisions on accountability (责任追究): what they rest on, measures, appeals."""
