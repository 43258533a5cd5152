"""What every room stands on: money, record, sources, files, working days, jobs."""
