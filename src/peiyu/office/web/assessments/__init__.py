"""Assessments: how an enterprise stands and why, who is near, what was frozen."""
