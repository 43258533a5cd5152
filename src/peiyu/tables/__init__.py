"""Messy sheets in, templates out: units, headings and cells with addresses; knows no rule."""
