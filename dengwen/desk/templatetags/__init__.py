"""Filters of the templates of the desk."""
