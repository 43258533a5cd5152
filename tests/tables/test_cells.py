"""One cell at a time: what it says, and what it does not."""

from datetime import date, datetime, time, timedelta
from fractions import Fraction

import pytest

from peiyu.tables.answers import CellError, Problem, Shown, Told
from peiyu.tables.cells import read_value
from peiyu.tables.layout import Column, Kind

MONEY = Column("m", ("金额",), Kind.MONEY, scale=100, unit="元")
POSITIVE = Column("m", ("金额",), Kind.MONEY, scale=100, minimum=0)
COUNT = Column("n", ("人数",), Kind.INTEGER, minimum=0, maximum=1_000_000, unit="人")
HALVES = Column("h", ("平均人数",), Kind.DECIMAL, scale=2, unit="人")
SHARE = Column("s", ("占比",), Kind.DECIMAL, scale=10_000)
PERCENT = Column("p", ("占比",), Kind.DECIMAL, scale=100, unit="%")
AREA = Column("a", ("面积",), Kind.DECIMAL, scale=100, unit="平方米")
DAY = Column("d", ("日期",), Kind.DATE)
YEAR = Column("y", ("年份",), Kind.YEAR)
BOOL = Column("b", ("是否",), Kind.BOOL)
TEXT = Column("t", ("名称",), Kind.TEXT)
CREDIT = Column("c", ("统一社会信用代码",), Kind.CODE)
STOCK = Column("k", ("证券代码",), Kind.CODE, digits=6)
ID = Column("i", ("编号",), Kind.CODE)
LIST = Column("r", ("编号清单",), Kind.REFERENCES)
CLASS = Column(
    "x",
    ("类别",),
    Kind.CHOICE,
    choices=(("I", ("Ⅰ类", "一类")), ("II", ("Ⅱ类",)), ("none", ("无",))),
)


def value_of(cell, column, factor=1):
    answer = read_value(cell, column, factor)
    return answer.value if isinstance(answer, Told) else answer


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        ("1,234,567.89", 123456789),
        ("1，234，567．89", 123456789),
        ("１２３．４５", 12345),
        ("1 234 567.89", 123456789),
        ("1\u00a0234.50", 123450),
        ("¥1,200", 120000),
        ("￥ 1200", 120000),
        ("人民币1200元", 120000),
        ("1200元整", 120000),
        ("1,200万元", 1200 * 10**6),
        ("1200 万元", 1200 * 10**6),
        ("1,200万", 1200 * 10**6),
        ("3.5亿", 35 * 10**9),
        ("3.5亿元", 35 * 10**9),
        ("12千元", 1200000),
        ("0.01百万元", 1000000),
        ("(1,234.50)", -123450),
        ("（1,234.50）", -123450),
        ("（1,234.50）万元", -1234500000),
        ("(1,234.50万元)", -1234500000),
        ("-1,234.5", -123450),
        ("－12", -1200),
        ("−12", -1200),
        ("¥-12.00", -1200),
        ("+12", 1200),
        (".5", 50),
        ("12.", 1200),
        ("0", 0),
        ("-0.00", 0),
        ("0012", 1200),
        ("'1200", 120000),
        (" 1200\n", 120000),
        ("12\u200b00", 120000),
        (1200, 120000),
        (1200.0, 120000),
        (0.1, 10),
        (0.1 + 0.2, 30),
        (1e12, 10**14),
        (-0.07, -7),
        (4.35, 435),
        (1.1 * 3, 330),
        (99999999999.99, 9999999999999),
    ],
)
def test_an_amount_is_read_to_the_fen_however_it_is_written(cell, fen):
    assert read_value(cell, MONEY) == fen


@pytest.mark.parametrize(
    ("cell", "factor", "fen"),
    [
        ("674.99", 10_000, 674_990_000),
        (674.99, 10_000, 674_990_000),
        (12, 10_000, 12_000_000),
        ("0.000001", 10_000, 1),
        (0.000001, 10_000, 1),
        ("1.5", 10**8, 15 * 10**9),
        ("1,200元", 10_000, 120_000),
        ("3.5亿", 10_000, 35 * 10**9),
    ],
)
def test_the_unit_of_the_heading_counts_unless_the_cell_says_its_own(cell, factor, fen):
    assert read_value(cell, MONEY, factor) == fen


@pytest.mark.parametrize(
    ("cell", "factor"), [("1.234", 1), (1.234, 1), ("0.0000001", 10_000), (1000 / 3, 1)]
)
def test_a_part_of_a_fen_is_refused_and_never_rounded(cell, factor):
    problem = read_value(cell, MONEY, factor)
    assert isinstance(problem, Problem)
    assert "不足一分" in problem.rule.say()
    assert "四舍五入到分" in problem.remedy.say()


@pytest.mark.parametrize(
    "cell",
    [
        "12,00",
        "1,2345",
        "1.234,56",
        "1,200-1,500",
        "约1200",
        "一百万",
        "1.2.3",
        "--5",
        "abc",
        "10⁶",
        "12。5",
        "1.2亿3000万",
        "5万多",
        "(-5)",
        "12%",
        "12人",
        "12亩",
        "$1,200",
        "1,200美元",
        "1.2E+07",
        True,
        date(2018, 3, 15),
        time(12),
        timedelta(days=1),
    ],
)
def test_what_is_no_amount_of_yuan_is_refused(cell):
    assert isinstance(read_value(cell, MONEY), Problem)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "  ",
        "-",
        "--",
        "—",
        "——",
        "－",
        "/",
        "／",
        "…",
        "……",
        "无",
        "不详",
        "未知",
        "暂无",
        "N/A",
    ]
    + ["#N/A", "待填", "NULL", "nan", "\u3000", None],
)
@pytest.mark.parametrize("column", [MONEY, COUNT, SHARE, DAY, YEAR, BOOL, TEXT, CREDIT])
def test_words_for_the_unknown_are_unknown_and_never_zero(word, column):
    assert value_of(word, column) is None


def test_a_word_for_the_unknown_is_told_and_a_blank_is_not():
    assert isinstance(read_value("不详", MONEY), Told)
    assert read_value(" ", MONEY) is None
    assert "请写 0" in read_value("无", MONEY).text.say()
    assert "请写“否”" in read_value("无", BOOL).text.say()


def test_zero_is_zero():
    assert [read_value(zero, MONEY) for zero in (0, 0.0, "0", "0.00", "０")] == [0] * 5


def test_a_lone_minus_one_is_named_as_the_code_that_it_is():
    problem = read_value(-1, POSITIVE)
    assert "-1" in problem.rule.say()
    assert "-1" in read_value("-1", COUNT).rule.say()
    assert "-1" in read_value("-1", POSITIVE, 10_000).rule.say()
    assert "负数" in read_value(-2.5, POSITIVE).rule.say()
    assert read_value(-2.5, MONEY) == -250


@pytest.mark.parametrize("cell", [1e14, "100000000000000", -1e14, "999999999亿"])
def test_an_amount_beyond_ten_to_the_thirteen_yuan_is_a_slip(cell):
    assert "大得不可能" in read_value(cell, MONEY).rule.say()


def test_bounds_are_inclusive_and_in_stored_units():
    assert read_value(1_000_000, COUNT) == 1_000_000
    assert "上限" in read_value(1_000_001, COUNT).rule.say()
    low = Column("m", ("金额",), Kind.MONEY, scale=100, minimum=150)
    assert read_value("1.50", low) == 150
    assert "1.5元" in read_value("1.49", low).rule.say()
    capped = Column("m", ("金额",), Kind.MONEY, scale=100, maximum=10)
    assert isinstance(read_value(-1e15, capped), Problem)


@pytest.mark.parametrize(
    ("shown", "rule"),
    [("#REF!", "#REF!"), ("#DIV/0!", "#DIV/0!"), ("=A1+B1", "公式没有保存计算结果")],
)
@pytest.mark.parametrize("column", [MONEY, DAY, TEXT, CREDIT, LIST])
def test_a_cell_with_an_error_of_excel_is_refused(shown, rule, column):
    assert rule in read_value(CellError(shown), column).rule.say()


def test_an_error_written_as_text_is_one_too_and_hashes_are_lost_numbers():
    assert isinstance(read_value("#VALUE!", TEXT), Problem)
    assert "太窄" in read_value("########", MONEY).rule.say()
    assert read_value("#3 号车间", TEXT) == "#3 号车间"


@pytest.mark.parametrize(
    ("cell", "column", "stored"),
    [
        ("1,113人", COUNT, 1113),
        ("2万人", COUNT, 20_000),
        (12.0, COUNT, 12),
        ("12.5", HALVES, 25),
        (12.5, HALVES, 25),
        ("12.31%", SHARE, 1231),
        ("12.31％", SHARE, 1231),
        (0.1231, SHARE, 1231),
        ("12.31%", PERCENT, 1231),
        (12.31, PERCENT, 1231),
        ("1.5万平方米", AREA, 1_500_000),
        ("120㎡", AREA, 12_000),
        (Shown(0.1231, percent=True), SHARE, 1231),
        (Shown(0.1231, percent=True), PERCENT, 1231),
    ],
)
def test_counts_and_shares_are_whole_numbers_in_their_scale(cell, column, stored):
    assert read_value(cell, column) == stored


@pytest.mark.parametrize(
    ("cell", "column", "rule"),
    [
        ("12.5", COUNT, "整数"),
        (12.25, HALVES, "1/2"),
        ("12.345", PERCENT, "小数多于 2 位"),
        ("12亩", AREA, "单位"),
        ("12%", COUNT, "百分数"),
        (Shown(0.12, percent=True), MONEY, "百分数"),
    ],
)
def test_what_does_not_fit_the_scale_or_the_unit_is_refused(cell, column, rule):
    assert rule in read_value(cell, column).rule.say()


def test_under_a_heading_in_percent_a_bare_number_is_a_percentage():
    assert read_value("12.31", SHARE, Fraction(1, 100)) == 1231
    assert read_value(12.31, SHARE, Fraction(1, 100)) == 1231


def test_a_percentage_below_one_is_read_as_written_and_told():
    assert value_of(0.12, PERCENT) == 12
    assert value_of("0.12", SHARE, Fraction(1, 100)) == 12
    assert "0.5%" in read_value(0.12, PERCENT).text.say()
    assert [read_value(cell, PERCENT) for cell in ("0.12%", 0, 1, Shown(0.0012, percent=True))] == [
        12,
        0,
        100,
        12,
    ]


@pytest.mark.parametrize(
    ("cell", "factor", "fen"),
    [
        (Shown(12.5, suffix="万元"), 1, 12_500_000),
        (Shown(12.5, suffix="元"), 10_000, 1250),
        (Shown(123456.78, suffix="万元", divided=10_000), 1, 12345678),
        (Shown(123456.78, suffix="", divided=10_000), 10_000, 12345678),
    ],
)
def test_a_number_that_excel_shows_in_another_unit_is_what_the_office_meant(cell, factor, fen):
    assert read_value(cell, MONEY, factor) == fen


def test_a_shrunken_display_that_contradicts_the_heading_is_refused():
    answer = read_value(Shown(123456.0, divided=1000), MONEY, 10_000)
    assert "单位说不清" in answer.rule.say()


@pytest.mark.parametrize(
    "cell",
    [
        "2018.3.15",
        "2018/3/15",
        "2018-03-15",
        "2018年3月15日",
        "2018年03月15号",
        "20180315",
        "2018 年 3 月 15 日",
        "２０１８－０３－１５",
        "2018-03-15T00:00:00",
        "2018-03-15 00:00:00",
        "43174",
        20180315,
        20180315.0,
        43174.0,
        date(2018, 3, 15),
        datetime.fromisoformat("2018-03-15"),
    ],
)
def test_a_day_is_read_however_it_is_written(cell):
    assert value_of(cell, DAY) == date(2018, 3, 15)


def test_a_number_read_as_a_day_of_excel_and_a_time_of_day_are_told():
    assert "2018-03-15" in read_value(43174.0, DAY).text.say()
    assert "时刻" in read_value("2020-04-15T18:12:34", DAY).text.say()
    assert "时刻" in read_value(datetime.fromisoformat("2020-04-15T18:12"), DAY).text.say()


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("2018-03", "缺少日"),
        ("2018年3月", "缺少日"),
        ("201803", "缺少日"),
        (201803.0, "缺少日"),
        ("2018年", "缺少月和日"),
        (2018.0, "缺少月和日"),
        ("2018-02-30", "日历上没有"),
        ("20181315", "日历上没有"),
        ("1018-03-15", "早于"),
        ("3/15/2018", "不是一个日期"),
        ("15.03.2018", "不是一个日期"),
        ("18-3-15", "不是一个日期"),
        ("2018.3/15", "不是一个日期"),
        (43174.5, "不是一个日期"),
        (12.0, "不是一个日期"),
        (True, "不是一个日期"),
    ],
)
def test_what_is_no_day_is_refused_and_not_guessed(cell, rule):
    assert rule in read_value(cell, DAY).rule.say()


def test_days_have_bounds_too():
    column = Column(
        "d",
        ("日期",),
        Kind.DATE,
        minimum=date(2016, 1, 1).toordinal(),
        maximum=date(2019, 12, 31).toordinal(),
    )
    assert read_value("2016-01-01", column) == date(2016, 1, 1)
    assert "早于 2016-01-01" in read_value("2015-12-31", column).rule.say()
    assert "晚于 2019-12-31" in read_value("2020-01-01", column).rule.say()


@pytest.mark.parametrize("cell", ["2019年", "2019", "2019年度", 2019, 2019.0, "２０１９", "2019.0"])
def test_a_year_is_read_however_it_is_written(cell):
    assert read_value(cell, YEAR) == 2019


@pytest.mark.parametrize("cell", ["19", "19年", 201.0, "2019-03", "1850", True, date(1905, 7, 11)])
def test_what_is_no_year_is_refused(cell):
    assert isinstance(read_value(cell, YEAR), Problem)


def test_the_year_of_a_day_is_taken_and_told():
    assert read_value(date(2019, 1, 1), YEAR) == Told(2019, read_value(date(2019, 2, 2), YEAR).text)


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("是", True), ("否", False), ("√", True), ("×", False), (1.0, True), (0, False), (True, True)]
    + [("Yes", True), ("N", False), ("有", True), ("不是", False), ("ＹＥＳ", True)],
)
def test_yes_and_no_have_many_words(cell, answer):
    assert read_value(cell, BOOL) is answer


def test_a_maybe_is_refused_and_words_of_the_layout_go_first():
    assert isinstance(read_value("可能", BOOL), Problem)
    column = Column(
        "b", ("有无",), Kind.BOOL, choices=(("true", ("有",)), ("false", ("无", "没有")))
    )
    assert read_value("无", column) is False
    assert read_value("有", column) is True
    assert read_value("否", column) is False


@pytest.mark.parametrize("cell", ["Ⅰ类", "I类", "一类", "i", " Ⅰ 类 "])
def test_a_choice_is_known_by_any_of_its_words(cell):
    assert read_value(cell, CLASS) == "I"


def test_a_word_outside_the_list_is_refused_with_the_nearest_one():
    assert "Ⅱ类" in read_value("Ⅲ类", CLASS).remedy.say()
    assert "Ⅰ类、Ⅱ类、无" in read_value("其他专利", CLASS).remedy.say()
    assert read_value("无", CLASS) == "none"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" 甲公司 ", "甲公司"),
        ("甲（集团）公司", "甲（集团）公司"),
        (600519.0, "600519"),
        (12.5, "12.5"),
        ("甲_x000D_\n公司", "甲\n公司"),
        (True, "TRUE"),
    ],
)
def test_words_are_kept_as_written(cell, text):
    assert read_value(cell, TEXT) == text


def test_text_may_have_bounds_of_length():
    column = Column("t", ("简介",), Kind.TEXT, minimum=2, maximum=4)
    assert read_value("四个字呀", column) == "四个字呀"
    assert isinstance(read_value("有五个字呀", column), Problem)
    assert isinstance(read_value("字", column), Problem)


@pytest.mark.parametrize(
    "cell",
    [
        "91110108795101314g",
        " 91110108 795101314G ",
        "９１１１０１０８７９５１０１３１４Ｇ",
        "'91110108795101314G",
    ],
)
def test_a_credit_code_is_read_whatever_its_width_case_and_spaces(cell):
    assert read_value(cell, CREDIT) == "91110108795101314G"


def test_a_failing_check_digit_is_told_and_not_refused():
    answer = read_value("91350100M0001TGQXM", CREDIT)
    assert answer.value == "91350100M0001TGQXM"
    assert "校验位" in answer.text.say()


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("9111010879510131", "16 位"),
        ("not-a-credit-code", "17 位"),
        ("410881100012345", "旧注册号"),
        ("79510131-4", "组织机构代码"),
        ("91110108795I01314G", "I"),
        ("9111O108795101314G", "字母 O"),
        ("91AB0108795101314G", "不是统一社会信用代码"),
        ("9.11101E+17", "丢失"),
        (9.12201011239989e17, "丢失"),
        (912201011239989159, "丢失"),
        (date(2018, 3, 15), "日期"),
    ],
)
def test_a_credit_code_is_never_repaired_by_guessing(cell, rule):
    assert rule in read_value(cell, CREDIT).rule.say()


def test_zeros_that_excel_took_from_a_code_are_put_back_and_told():
    assert value_of(25.0, STOCK) == "000025"
    assert value_of("25", STOCK) == "000025"
    assert "补足 6 位" in read_value(25.0, STOCK).text.say()
    assert read_value("000025", STOCK) == "000025"
    assert read_value("600519.0", STOCK) == "600519"
    assert isinstance(read_value("600028；,", STOCK), Problem)
    assert isinstance(read_value(6005190.0, STOCK), Problem)


def test_other_codes_are_text_whatever_cell_they_stand_in():
    assert read_value(3.0, ID) == "3"
    assert read_value(201810123456.7, ID) == "201810123456.7"
    assert read_value("ip 01", ID) == "IP01"
    assert isinstance(read_value(1.23456789012346e17, ID), Problem)


@pytest.mark.parametrize(
    ("cell", "listed"),
    [
        ("IP01、IP03；IP07", ["IP01", "IP03", "IP07"]),
        ("IP01,ip03; IP07", ["IP01", "IP03", "IP07"]),
        ("IP01\nIP02", ["IP01", "IP02"]),
        ("IP01 IP02", ["IP01", "IP02"]),
        ("IP01-IP03", ["IP01", "IP02", "IP03"]),
        ("IP01 — IP03", ["IP01", "IP02", "IP03"]),
        ("IP09至IP11、IP20", ["IP09", "IP10", "IP11", "IP20"]),
        ("IP01~03", ["IP01", "IP02", "IP03"]),
        ("IP9-IP11", ["IP9", "IP10", "IP11"]),
        ("1-3", ["1", "2", "3"]),
        ("RD-01、RD-02", ["RD-01", "RD-02"]),
        ("2018-IP-01", ["2018-IP-01"]),
        ("2018-2020", ["2018-2020"]),
        ("RD2018-01", ["RD2018-01"]),
        (3.0, ["3"]),
        ("无", []),
        ("ＩＰ０１", ["IP01"]),
    ],
)
def test_a_list_of_identifiers_is_read_with_its_ranges(cell, listed):
    assert read_value(cell, LIST) == listed


def test_an_odd_list_is_told_or_refused():
    assert value_of("IP01、IP01", LIST) == ["IP01"]
    assert isinstance(read_value("IP07-IP03", LIST), Problem)
    assert isinstance(read_value("IP1-IP9999", LIST), Problem)
    assert "日期" in read_value(date(2018, 1, 3), LIST).rule.say()
    assert value_of("—", LIST) is None


def test_every_list_is_its_own():
    read_value("IP01", LIST).append("IP02")
    assert read_value("IP01", LIST) == ["IP01"]


@pytest.mark.parametrize("lang", ["zh"])
def test_a_refusal_shows_the_value_and_says_what_to_do(lang):
    problem = read_value("abc", MONEY)
    assert "abc" in problem.rule.say(lang)
    assert problem.remedy.say(lang)


def test_thousands_of_digits_are_no_number():
    column = Column("x", ("销售收入",), Kind.MONEY, scale=100)
    assert isinstance(read_value("9" * 5000, column), Problem)
