"""The same rules for OpenFisca-Core: eight conditions and the score, on flat measures.

Written as its users write: a variable for each figure and each rule, dated parameters, float32. It
reads what is missing as zero, divides before it compares, and knows met and unmet only; so it does
less than our interpreters, and answers otherwise wherever a figure is missing or stands at a bound.
"""

import numpy
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from peiyu.policy.columns.population import LAGS

YEAR = 2019
enterprise_entity = build_entity("enterprise", "enterprises", "An enterprise", is_person=True)


def scale(*brackets):
    """Steps of the law: from a threshold on, so much."""
    return {
        "brackets": [
            {"threshold": {"values": {"2016-01-01": {"value": threshold}}},
             "amount": {"values": {"2016-01-01": {"value": amount}}}}
            for threshold, amount in brackets
        ],
        "metadata": {"type": "single_amount"},
    }  # fmt: skip


def figure(value):
    return {"values": {"2016-01-01": {"value": value}}}


PARAMETERS = {
    "registered_days": figure(365),
    "main_product_share": figure(0.5),
    "st_staff_share": figure(0.1),
    "rd_domestic_share": figure(0.6),
    "ht_income_share": figure(0.6),
    "rd_small": figure(0.05),
    "rd_middle": figure(0.04),
    "rd_large": figure(0.03),
    "small_sales": figure(5_000_000_000),
    "middle_sales": figure(20_000_000_000),
    "pass_mark": figure(70),
    "ip_most_points": figure(30),
    "class2_least": scale((0, 0), (1, 1), (3, 3), (5, 5)),
    "class2_most": scale((0, 0), (1, 2), (3, 4), (5, 6)),
    "conversion_least": scale((0, 0), (1, 1), (2, 7), (3, 13), (4, 19), (5, 25)),
    "conversion_most": scale((0, 0), (1, 6), (2, 12), (3, 18), (4, 24), (5, 30)),
    "growth_least": scale((-1e9, 0), (1e-9, 1), (0.05, 3), (0.15, 5), (0.25, 7), (0.35, 9)),
    "growth_most": scale((-1e9, 0), (1e-9, 2), (0.05, 4), (0.15, 6), (0.25, 8), (0.35, 10)),
}


def variable(name, value_type, formula=None, period=DateUnit.YEAR):
    """A variable of OpenFisca; with a formula it is worked out, else stated."""
    content = {
        "value_type": value_type, "entity": enterprise_entity, "definition_period": period,
        "label": name, "__module__": __name__,
    }  # fmt: skip
    if formula is not None:
        content["formula"] = formula
    return type(name, (Variable,), content)


def at(enterprise, name, period, lag=1):
    """A figure of the fiscal year so many years back."""
    return enterprise(name, period.offset(-lag))


def three_years(enterprise, name, period):
    return sum(at(enterprise, name, period, lag) for lag in LAGS)


def share(part, base):
    """A quotient, zero where there is no base."""
    return numpy.divide(part, base, out=numpy.zeros_like(part), where=base > 0)


def operated(enterprise, period):
    """Fiscal years begun before the governing one."""
    return period.start.year - enterprise("founding_year", period)


def founding_year(enterprise, period):
    return enterprise("established_on", period).astype("datetime64[Y]").astype(int) + 1970


def registered(enterprise, period, parameters):
    days = numpy.datetime64(f"{YEAR}-06-17") - enterprise("established_on", period)
    return days.astype(int) >= parameters(period).registered_days


def has_ip(enterprise, period):
    return enterprise("ip_class1", period) + enterprise("ip_class2", period) >= 1


def ip(enterprise, period):
    return enterprise("has_ip", period) * (enterprise("ip_main", period) >= 1)


def main_products(enterprise, period, parameters):
    of_products = share(enterprise("main_income", period), at(enterprise, "ht_income", period))
    return of_products > parameters(period).main_product_share


def st_staff(enterprise, period, parameters):
    of_staff = share(
        at(enterprise, "st_staff_average", period), at(enterprise, "staff_average", period)
    )
    return of_staff >= parameters(period).st_staff_share


def rd_three_years(enterprise, period):
    return three_years(enterprise, "rd_total", period)


def rd_share(enterprise, period, parameters):
    law = parameters(period)
    last = at(enterprise, "sales_revenue", period)
    least = numpy.select(
        [last <= law.small_sales, last <= law.middle_sales],
        [law.rd_small, law.rd_middle],
        law.rd_large,
    )
    sales = three_years(enterprise, "sales_revenue", period)
    return share(enterprise("rd_three_years", period), sales) >= least


def rd_domestic(enterprise, period, parameters):
    at_home = three_years(enterprise, "rd_at_home", period)
    return (
        share(at_home, enterprise("rd_three_years", period)) >= parameters(period).rd_domestic_share
    )


def ht_share(enterprise, period, parameters):
    part, base = at(enterprise, "ht_income", period), at(enterprise, "total_income", period)
    return share(part, base) >= parameters(period).ht_income_share


def no_incidents(enterprise, period):
    return enterprise("incidents", period) == 0


HARD = ("registered", "ip", "main_products", "st_staff", "rd_share", "rd_domestic", "ht_share",
        "no_incidents")  # fmt: skip


def hard(enterprise, period):
    return numpy.logical_and.reduce([enterprise(name, period) for name in HARD])


def growth_rate(figure):
    def rate(enterprise, period):
        newest, middle, oldest = (at(enterprise, figure, period, lag) for lag in LAGS)
        last = share(newest, middle) - 1
        mean = (share(middle, oldest) - 1 + last) / 2
        three = (operated(enterprise, period) >= 3) * (oldest != 0)
        growing = (middle > 0) * (oldest >= 0) * (operated(enterprise, period) >= 2)
        return numpy.where(growing, numpy.where(three, mean, last), 0)

    return rate


def conversions_a_year(enterprise, period):
    begun = enterprise("established_on", period)
    first = begun == begun.astype("datetime64[Y]").astype("datetime64[D]")
    years = numpy.clip(operated(enterprise, period) - ~first, 1, 3)
    return enterprise("conversions", period) / years


def points(most):
    """The lower or the upper end of the score."""
    end = "most" if most else "least"

    def score(enterprise, period, parameters):
        law = parameters(period)
        by_class2 = law[f"class2_{end}"].calc(enterprise("ip_class2", period))
        quantity = numpy.where(enterprise("ip_class1", period) >= 1, 8 if most else 7, by_class2)
        own = enterprise("ip_self_developed", period) >= 1
        obtaining = numpy.where(own, 6, 3) if most else 1
        of_ip = enterprise("has_ip", period) * ((16 if most else 0) + obtaining)
        standards = (enterprise("standards", period) >= 1) * (2 if most else 1)
        by_ip = numpy.minimum(quantity + of_ip + standards, law.ip_most_points)
        conversion = law[f"conversion_{end}"].calc(enterprise("conversions_a_year", period))
        growth = law[f"growth_{end}"]
        net_assets = growth.calc(enterprise("growth_of_net_assets", period))
        sales = growth.calc(enterprise("growth_of_sales", period))
        return by_ip + conversion + (20 if most else 0) + net_assets + sales

    return score


def score_enough(enterprise, period, parameters):
    return enterprise("score_least", period) > parameters(period).pass_mark


def verdict(enterprise, period):
    return (
        enterprise("resident", period) * enterprise("legal_person", period)
        * enterprise("hard", period) * enterprise("score_enough", period)
    )  # fmt: skip


# Our columns → its variables and how many years back they stand.
STATED = {
    **{f"{name}.{lag}": (name.replace("rd_domestic", "rd_at_home"), lag)
       for name in ("sales_revenue", "rd_total", "rd_domestic", "net_assets") for lag in LAGS},
    **{f"{name}.1": (name, 1) for name in ("staff_average", "st_staff_average", "ht_income", "total_income")},
    **{name: (name, 0) for name in (
        "main_income", "ip_class1", "ip_class2", "ip_self_developed", "ip_main", "conversions", "incidents",
        "standards")},
}  # fmt: skip
ASKED = (*HARD, "hard", "score_least", "score_most", "score_enough", "verdict")
FORMULAS = (
    ("founding_year", int, founding_year), ("has_ip", bool, has_ip),
    *((name, bool, globals()[name]) for name in (*HARD, "hard", "score_enough", "verdict")),
    ("rd_three_years", float, rd_three_years), ("conversions_a_year", float, conversions_a_year),
    ("growth_of_net_assets", float, growth_rate("net_assets")),
    ("growth_of_sales", float, growth_rate("sales_revenue")),
    ("score_least", float, points(most=False)), ("score_most", float, points(most=True)),
)  # fmt: skip


def system():
    """The rules as OpenFisca holds them."""
    from datetime import date

    made = TaxBenefitSystem([enterprise_entity])
    made.parameters = ParameterNode("", data=PARAMETERS)
    made.add_variable(variable("established_on", date, period=DateUnit.ETERNITY))
    for name in ("resident", "legal_person"):
        made.add_variable(variable(name, bool, period=DateUnit.ETERNITY))
    for name in dict.fromkeys(name for name, _ in STATED.values()):
        made.add_variable(variable(name, float))
    for name, kind, formula in FORMULAS:
        made.add_variable(variable(name, kind, formula))
    return made


def simulation(rules, stated, size, *, trace=False):
    """Enterprises with what is stated of them: arrays by the names of our columns."""
    made = SimulationBuilder().build_default_simulation(rules, count=size)
    made.trace = trace
    for name in ("established_on", "resident", "legal_person"):
        made.set_input(name, str(YEAR), stated[name])
    for column, (name, lag) in STATED.items():
        made.set_input(name, str(YEAR - lag), stated[column])
    return made


def judged(made):
    """All that is asked, by name."""
    return {name: made.calculate(name, str(YEAR)) for name in ASKED}
