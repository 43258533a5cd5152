"""HNTE certificates as the rulebooks of awards read them: issued, in force, earlier, without a gap."""

from peiyu.policy.tree import Cell, Column, Day, FiscalYear, Measure, RowChoose, YearOf
from peiyu.words import mark

DAY = Day()
TABLE = "certificates"


def of(name: str) -> Cell:
    """A column of the table of certificates."""
    return Column(TABLE, name)


def revoked(day: Cell) -> Cell:
    """The qualification was taken away by that day."""
    return of("revoked") & (of("revoked_on") <= day)


def in_force(day: Cell = DAY) -> Cell:
    """A certificate that counts on that day."""
    return (of("issued_on") <= day) & (of("valid_to") >= day) & ~revoked(day)


issued = of("issued_on").equals(DAY)  # the certificate that is judged: the day governs
earlier = of("issued_on") < DAY
here = of("in_city")

# A new certificate is usually issued months after the old one ended; a gap begins with the year after.
unbroken = (
    earlier
    & RowChoose(
        "gap_begins",
        (
            ("next_year", YearOf(of("valid_to")) >= FiscalYear(0)),
            ("next_day", of("valid_to") >= DAY),
        ),
    )
    & ~revoked(DAY)
)


def counted(name: str, title: str, where: Cell, article: str) -> Measure:
    """Certificates of which something holds; without the table nothing is known of them."""
    return Measure(name, title, "count", TABLE, where, article=article)


def issued_here(article: str) -> Measure:
    """The certificate that is judged, if the enterprise was in this city when it was issued."""
    return counted("issued_here", mark("企业在本市时于当日签发的证书"), issued & here, article)


def issued_today(article: str) -> Measure:
    """The certificate that is judged."""
    return counted("issued_today", mark("当日签发的证书"), issued, article)


def earlier_ever(article: str) -> Measure:
    """Certificates issued before, anywhere."""
    return counted("earlier", mark("此前签发的证书"), earlier, article)
