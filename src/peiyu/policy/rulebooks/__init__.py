"""One definition per programme: what the law tests, scores and grants."""

from collections.abc import Mapping

from peiyu.policy.rulebook import Rulebook
from peiyu.policy.rulebooks.hnte import HNTE

RULEBOOKS: Mapping[str, Rulebook] = {book.name: book for book in (HNTE,)}
