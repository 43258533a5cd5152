"""What contradicts itself within a year is said, and nothing else."""

from decimal import Decimal

import pytest

from peiyu.office.reports.hints import hints_of
from peiyu.office.reports.models import FIGURES

PARTS = ("rd_labour", "rd_direct_input", "rd_depreciation", "rd_amortisation", "rd_design", "rd_testing",
         "rd_other", "rd_entrusted_domestic", "rd_entrusted_foreign")  # fmt: skip


def said(year=2018, **figures):
    return [one.text for one in hints_of({n: Decimal(v) for n, v in figures.items()}, year)]


@pytest.mark.parametrize("year", [2003, 2014, 2018, 2019])
@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"rd_total": "5", "rd_domestic": "5.01"}, "境内研发费用大于研发费用总额"),
        ({"staff_average": "10", "st_staff_average": "10.01"}, "科技人员数大于职工总数"),
        ({"total_income": "5", "ht_income": "6"}, "高新技术产品（服务）收入大于总收入"),
        ({"sales_revenue": "5", "main_business_revenue": "3", "other_business_revenue": "1"}, "主营、其他业务"),
        ({"net_assets": "5", "total_assets": "9", "total_liabilities": "3"}, "净资产"),
        ({"total_income": "5", "income_total": "7", "nontaxable_income": "1"}, "总收入与收入总额"),
        ({"rd_total": "10", **dict.fromkeys(PARTS, "1")}, "研发费用总额与按分类"),
    ],
)  # fmt: skip
def test_a_contradiction_is_named_with_the_figures_it_is_about(figures, words, year):
    (one,) = hints_of({name: Decimal(value) for name, value in figures.items()}, year)
    assert words in one.text and one.article
    assert set(figures) <= set(one.figures) <= set(FIGURES)


@pytest.mark.parametrize(
    "figures",
    [
        {}, {"rd_total": "5"}, {"rd_total": "5", "rd_domestic": "5"},
        {"staff_average": "10", "st_staff_average": "10"}, {"total_income": "6", "ht_income": "6"},
        {"sales_revenue": "5", "main_business_revenue": "3"},
        {"sales_revenue": "4", "main_business_revenue": "3", "other_business_revenue": "1"},
        {"net_assets": "-5", "total_assets": "4", "total_liabilities": "9"},
    ],
)  # fmt: skip
def test_what_fits_or_is_unknown_is_no_contradiction(figures):
    assert said(**figures) == []
