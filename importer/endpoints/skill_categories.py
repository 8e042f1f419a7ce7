"""Kantata's categories of skills, which every account has. Knows their names only."""

SKILL_CATEGORIES = ("Skill", "Language", "Certification", "Other")
"""As GET /skill_categories gives them (API reference 1.0.0)."""
