"""Engines of SQL that judge what columns in memory cannot hold, or what lies on a cluster."""
