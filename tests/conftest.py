"""What every test shares."""

from collections import Counter
from pathlib import Path

from hypothesis import settings

# A shared machine may pause at any moment: a slow example is not a wrong one.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_terminal_summary(terminalreporter):
    """Say how long the tests of each room took, added up over all workers."""
    seconds = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration"):
                room = Path(report.nodeid.partition("::")[0])
                seconds["/".join(room.parts[:2])] += report.duration
    terminalreporter.section("time of each room")
    for room, spent in sorted(seconds.items()):
        terminalreporter.line(f"{spent:7.1f} s  {room}")
