"""A short hash of all that was read of each enterprise: by it one sees that nothing it rests on changed."""

from __future__ import annotations

import hashlib
from typing import Any

from peiyu.office.assessments.gathered import Gathered, Key


class Prints:
    """The fingerprints of everybody that was gathered."""

    def __init__(self, found: Gathered) -> None:
        self._of: dict[Key, Any] = {}
        for key, standing in found.standing.items():
            self._of[key] = hashlib.blake2b(repr(sorted(standing.items())).encode(), digest_size=16)
        for (key, year, basis), said in sorted(found.yearly.items()):
            self._of[key].update(repr((year, basis, said.figures)).encode())
        for name in sorted(found.sheets):
            sheet = found.sheets[name]
            for key, *row in zip(sheet.of, *sheet.columns.values(), strict=True):
                self._of[key].update(repr(row).encode())
            for key, state in sheet.states.items():
                if key in self._of and state:
                    self._of[key].update(f"{name}{int(state)}".encode())

    def of(self, key: Key) -> str:
        """The fingerprint of one."""
        return str(self._of[key].hexdigest())
