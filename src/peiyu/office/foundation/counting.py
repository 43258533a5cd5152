"""How often something was tried of late, by whom; each worker counts for itself, nothing is kept."""

from __future__ import annotations

from django.core.cache import cache


def counted(name: str, seconds: int) -> int:
    """Count once more: how often within so many seconds of the first, this time included."""
    cache.add(name, 0, seconds)
    try:
        return int(cache.incr(name))
    except ValueError:  # thrown out meanwhile: it begins anew
        return 1


def so_far(name: str) -> int:
    """How often it was counted, without counting."""
    return int(cache.get(name) or 0)
