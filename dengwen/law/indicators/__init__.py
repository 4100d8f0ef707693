"""Indicators of assessment (考核指标): read, checked for what they reward, counted and scored."""
