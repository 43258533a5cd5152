"""The tables of the room."""

from peiyu.office.notices.models.messages import Message
from peiyu.office.notices.models.papers import IssuedPaper, PaperEnd, PaperScan, State

__all__ = ["IssuedPaper", "Message", "PaperEnd", "PaperScan", "State"]
