"""Whatever an amount looks like on paper, the same fen come back."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from peiyu.tables.answers import Problem
from peiyu.tables.cells import read_value
from peiyu.tables.figures import exact, figure_of_float
from peiyu.tables.layout import Column, Kind

MONEY = Column("m", ("金额",), Kind.MONEY, scale=100)
UNITS = {"元": 1, "千元": 10**3, "万元": 10**4, "百万元": 10**6, "亿元": 10**8, "万": 10**4, "": 1}
WIDE = str.maketrans("0123456789.,-", "０１２３４５６７８９．，－")

fen = st.integers(-(10**15), 10**15)
units = st.sampled_from(sorted(UNITS))


def in_unit(amount, unit):
    """The amount in its unit, exactly, without trailing zeros."""
    return exact(amount, MONEY, UNITS[unit])


def printed(number, style, wide):
    """The number as people print it."""
    text = f"{abs(number):,f}" if "grouped" in style else f"{abs(number):f}"
    if number < 0:
        text = f"({text})" if "brackets" in style else f"-{text}"
    if "currency" in style and not text.startswith("("):
        text = f"¥{text}"
    return text.translate(WIDE) if wide else text


@given(
    fen, units, st.sets(st.sampled_from(["grouped", "brackets", "currency"])), st.booleans(), units
)
def test_every_amount_comes_back_in_every_unit_and_every_print(
    amount, unit, style, wide, heading_unit
):
    text = printed(in_unit(amount, unit), style, wide) + unit
    factor = 1 if unit else UNITS[heading_unit]
    if not unit:
        text = printed(in_unit(amount, heading_unit), style, wide)
    assert read_value(text, MONEY, factor) == amount


@given(st.integers(-(10**14), 10**14), units)
def test_every_amount_that_excel_can_hold_comes_back_from_its_float(amount, unit):
    number = in_unit(amount, unit)
    assert read_value(float(number), MONEY, UNITS[unit]) == amount


@given(st.integers(1, 10**12), st.integers(1, 9))
def test_a_third_decimal_is_refused_from_text_and_from_float(yuan_hundredths, third):
    text = f"{Decimal(yuan_hundredths) / 100:.2f}{third}"
    assert isinstance(read_value(text, MONEY), Problem)
    if len(text) <= 16:
        assert isinstance(read_value(float(text), MONEY), Problem)


@given(st.floats(allow_nan=False, allow_infinity=False, width=64))
def test_a_float_is_taken_as_excel_shows_it_and_never_computed_with(number):
    figure = figure_of_float(number)
    shown = Decimal(figure.digits).scaleb(-figure.places)
    assert shown == Decimal(format(number, ".15g"))


@given(fen)
def test_sums_of_floats_come_back_as_the_sum_that_excel_shows(amount):
    parts = [Decimal(amount) / 100 / 10**4] * 3
    total = sum(parts)
    if len(total.normalize().as_tuple().digits) <= 13:
        assert (
            read_value(float(parts[0]) * 3, MONEY, 10**4) == amount * 3 or abs(amount) * 3 > 10**15
        )


@given(st.text(max_size=20))
def test_no_text_makes_the_reader_stumble(text):
    for kind in Kind:
        column = Column("x", ("x",), kind, scale=1, choices=(("a", ("甲",)),))
        read_value(text, column)


@given(st.one_of(st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.times()))
def test_no_cell_makes_the_reader_stumble(cell):
    for kind in Kind:
        read_value(cell, Column("x", ("x",), kind, choices=(("a", ("甲",)),)))
