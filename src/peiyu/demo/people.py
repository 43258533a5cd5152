"""Staff month by month, so that the average over the year is exactly what is stated."""

from __future__ import annotations

from peiyu.demo.draft import PERSON, Draft


def write_months(draft: Draft) -> None:
    """One row for each month of the last year in which the enterprise operated."""
    last = draft.on.year - 1
    since = draft.established_on
    first = since.month if since.year == last else 1
    count = 13 - first
    staff = counted(draft, draft.number("staff_average.1"), count)
    in_rd = counted(draft, draft.number("st_staff_average.1"), count)
    draft.tables["months"] = [
        {
            "year": last, "month": first + at,
            "staff_begin": staff[at], "staff_end": staff[at + 1],
            "st_begin": in_rd[at], "st_end": in_rd[at + 1],
        }
        for at in range(count)
    ]  # fmt: skip


def counted(draft: Draft, average: int, months: int) -> list[int]:
    """Heads at the turns of the months, of which begin and end average to `average` hundredths.

    The turns within the year count twice, its ends once.
    """
    total, rest = divmod(2 * average * months, PERSON)
    assert rest == 0, f"{average} hundredths are no average of {months} months"
    base = total // (2 * months)
    spread = base // 12
    heads = [base + draft.random.randint(-spread, spread) for _ in range(months + 1)]
    lacking = total - heads[0] - heads[-1] - 2 * sum(heads[1:-1])
    at = 0
    while abs(lacking) > 1 and months > 1:
        turn = 1 + at % (months - 1)
        at += 1
        change = 1 if lacking > 0 else -1
        if heads[turn] + change >= 0:
            heads[turn] += change
            lacking -= 2 * change
    heads[-1] += lacking
    return heads
