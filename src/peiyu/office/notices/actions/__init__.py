"""Everything that changes data in this room."""

from peiyu.office.notices.actions.messages import mark_read, tell
from peiyu.office.notices.actions.papers import ask_paper, attach_scan, withdraw_paper

__all__ = ["ask_paper", "attach_scan", "mark_read", "tell", "withdraw_paper"]
