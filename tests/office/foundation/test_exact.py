"""Exact fields: what goes in comes out, and nothing else goes in."""

from decimal import ROUND_UP, Decimal, localcontext

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, models
from django.db.models import Avg, ExpressionWrapper, F, Max, Sum, Value
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peiyu.office.foundation.exact import MOST_FEN, MoneyField, ScaledField

pytestmark = pytest.mark.django_db
SAME_DATABASE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
MOST = Decimal(MOST_FEN).scaleb(-2)
fen = st.integers(-MOST_FEN, MOST_FEN)

with isolate_apps("peiyu.office.foundation"):

    class Thing(models.Model):
        id = models.BigIntegerField(primary_key=True)
        amount = MoneyField(null=True, blank=True)
        spent = MoneyField(default=Decimal(0))
        share = ScaledField(places=6, most=10**6, null=True)

        class Meta:
            app_label = "foundation"
            db_table = "exact_thing"


@pytest.fixture(autouse=True)
def _table():
    columns = ", ".join(
        f"{field.column} {field.db_type(connection)}" for field in Thing._meta.concrete_fields
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE exact_thing ({columns})")


def kept(**values):
    Thing.objects.all().delete()
    Thing.objects.create(id=1, **values)
    return Thing.objects.get()


@SAME_DATABASE
@given(fen)
def test_money_comes_back_as_it_went_in(whole):
    amount = Decimal(whole).scaleb(-2)
    found = kept(amount=amount).amount
    assert found == amount and found.as_tuple().exponent == -2
    with connection.cursor() as cursor:
        cursor.execute("SELECT amount FROM exact_thing")
        assert cursor.fetchone() == (whole,)


@SAME_DATABASE
@given(st.integers(-(10**6), 10**6))
def test_a_share_comes_back_as_it_went_in(whole):
    assert kept(share=Decimal(whole).scaleb(-6)).share == Decimal(whole).scaleb(-6)


@given(fen, st.integers(1, 30), st.integers(1, 9))
def test_a_third_decimal_is_refused_wherever_it_stands(whole, place, digit):
    sign = "-" if whole < 0 else ""
    text = f"{sign}{abs(whole) // 100}.{abs(whole) % 100:02}{'0' * (place - 1)}{digit}"
    with pytest.raises(ValidationError) as refused:
        MoneyField().get_prep_value(Decimal(text))
    assert refused.value.code == "places" or abs(whole) == MOST_FEN


@given(fen)
def test_zeros_beyond_the_second_decimal_are_no_decimals(whole):
    with localcontext(prec=100):
        assert (
            MoneyField().get_prep_value(Decimal(f"{whole}E-2").quantize(Decimal("1E-20"))) == whole
        )


@given(st.floats())
def test_a_float_is_refused(number):
    with pytest.raises(ValidationError) as refused:
        MoneyField().get_prep_value(number)
    assert refused.value.code == "float"


@given(fen)
def test_no_context_of_decimals_makes_it_round(whole):
    with localcontext(prec=3, rounding=ROUND_UP):
        field = MoneyField()
        assert field.get_prep_value(field.from_db_value(whole)) == whole


def test_the_bound_is_exact():
    field = MoneyField()
    for amount in (MOST, -MOST):
        assert field.get_prep_value(amount) == int(amount * 100)
        assert kept(amount=amount).amount == amount
    for amount in (MOST + Decimal("0.01"), -MOST - Decimal("0.01")):
        with pytest.raises(ValidationError) as refused:
            field.get_prep_value(amount)
        assert refused.value.code == "large"


@pytest.mark.parametrize(
    "text",
    ["x", "NaN", "sNaN", "Infinity", "1e999999", "-1e999999999", "1e-999999999", "9" * 5000,
     "0." + "1" * 5000, True, object(), [1], b"1"],
)  # fmt: skip
def test_what_is_no_amount_is_refused_at_once(text):
    with pytest.raises(ValidationError):
        MoneyField().to_python(text)


@pytest.mark.parametrize("text", ["0e999999999", "0E-999999999", "-0", "0.000"])
def test_zero_is_zero_however_written(text):
    assert MoneyField().get_prep_value(text) == 0


def test_nothing_stays_nothing():
    assert kept(amount=None).amount is None
    assert MoneyField().to_python("") is None


def test_full_clean_refuses_in_words():
    with pytest.raises(ValidationError) as refused:
        Thing(id=1, amount=Decimal("1.005")).full_clean(validate_unique=False)
    assert "1.005" in refused.value.message_dict["amount"][0]


def test_a_form_takes_decimals_and_refuses_the_third():
    field = Thing._meta.get_field("amount").formfield()
    assert field.clean("1234.50") == Decimal("1234.50")
    assert field.clean("") is None
    assert field.clean(str(MOST)) == MOST
    with pytest.raises(ValidationError):
        field.clean("1.005")
    assert Thing._meta.get_field("spent").formfield().required


def test_lookups_take_yuan():
    Thing.objects.bulk_create(
        Thing(id=n, amount=Decimal(n) / 4, spent=Decimal("0.50")) for n in range(1, 5)
    )
    found = Thing.objects.order_by("id")

    def numbers(**given):
        return [thing.id for thing in found.filter(**given)]

    assert numbers(amount__gte=Decimal("0.50")) == [2, 3, 4]
    assert numbers(amount__gt="0.50") == [3, 4]
    assert numbers(amount=1) == [4]
    assert numbers(amount__in=[Decimal("0.25"), Decimal("1.00")]) == [1, 4]
    assert numbers(amount__range=(Decimal("0.50"), Decimal("0.75"))) == [2, 3]
    assert numbers(amount__gte=F("spent")) == [2, 3, 4]
    assert numbers(amount__isnull=True) == []
    with pytest.raises(ValidationError):
        numbers(amount__gte=Decimal("0.255"))


def test_sums_are_exact_where_sqlite_is_not():
    amounts = ("0.10", "0.10", "0.10", "-0.30")
    Thing.objects.bulk_create(Thing(id=n, amount=Decimal(a)) for n, a in enumerate(amounts))
    found = Thing.objects.aggregate(total=Sum("amount"), most=Max("amount"), none=Sum("share"))
    assert found == {"total": Decimal("0.00"), "most": Decimal("0.10"), "none": None}
    assert all(isinstance(found[name], Decimal) for name in ("total", "most"))


def test_a_sum_of_many_great_amounts_is_exact():
    Thing.objects.bulk_create(Thing(id=n, amount=MOST) for n in range(1000))
    assert Thing.objects.aggregate(total=Sum("amount"))["total"] == MOST * 1000


def test_an_average_is_refused():
    Thing.objects.bulk_create(Thing(id=n, amount=Decimal(n)) for n in range(3))
    Thing.objects.create(id=9, amount=Decimal("0.01"))
    with pytest.raises(ValueError, match="average"):
        Thing.objects.aggregate(mean=Avg("amount"))


def test_arithmetic_without_a_named_field_is_refused():
    kept(amount=Decimal("2.00"), spent=Decimal("0.50"))
    for sum_ in (F("amount") + Decimal("1.00"), F("amount") + F("spent"), F("amount") * 2):
        with pytest.raises(FieldError):
            list(Thing.objects.annotate(found=sum_))


def test_arithmetic_with_a_named_field_is_exact():
    kept(amount=Decimal("2.00"), spent=Decimal("0.50"))
    left = ExpressionWrapper(F("amount") - F("spent"), MoneyField())
    assert Thing.objects.annotate(left=left).get().left == Decimal("1.50")
    Thing.objects.update(amount=F("amount") + Value(Decimal("1.00"), MoneyField()))
    assert Thing.objects.get().amount == Decimal("3.00")


def test_many_are_updated_at_once():
    Thing.objects.bulk_create(Thing(id=n, amount=Decimal(n)) for n in range(3))
    things = list(Thing.objects.all())
    for thing in things:
        thing.amount = thing.amount + Decimal("0.01")
    Thing.objects.bulk_update(things, ["amount"])
    found = Thing.objects.order_by("id").values_list("amount", flat=True)
    assert list(found) == [Decimal("0.01"), Decimal("1.01"), Decimal("2.01")]


def test_a_migration_says_it_whole():
    for field in (MoneyField(null=True), ScaledField(places=4, most=7)):
        _, path, args, kwargs = field.deconstruct()
        again = type(field)(*args, **kwargs)
        assert (again.places, again.most, again.null) == (field.places, field.most, field.null)
        assert path.endswith(type(field).__name__)
