"""Finding things by words."""

import pytest

from peiyu.office.accounts.models import Body
from peiyu.office.foundation.models import SearchTerm
from peiyu.office.foundation.search import Rank, find, fold, matching, put, put_many, remove
from tests.office.factories import body

pytestmark = pytest.mark.django_db
LABEL = "accounts.body"
NAMES = {
    1: [("name", "平顶山砺新智能装备有限公司"), ("code", "91410400MA9K1234XP")],
    2: [("name", "河南力鑫（集团）新材料股份有限公司"), ("former", "平顶山老君实业有限公司")],
    3: [("name", "重庆长安装备有限公司"), ("certificate", "GR202141000123")],
    4: [("name", "TCL科技 A股份"), ("code", "91410400MA9K9999XQ")],
    5: [("name", "装备砺新轴承厂")],
}


@pytest.fixture(autouse=True)
def _names():
    put_many(LABEL, NAMES.items())


def keys(words, **more):
    return {found.key for found in find(words, LABEL, **more)}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("平顶山砺新智能装备有限公司", {1}),
        ("砺新", {1, 5}),
        ("砺", {1, 5}),
        ("老君实业", {2}),
        ("力鑫集团", {2}),
        ("力鑫(集团)", {2}),
        ("lixin", {1, 2, 5}),
        ("LiXinZhiNeng", {1}),
        ("li xin zhi", {1}),
        ("lxzn", {1}),
        ("lxznzb", {1}),
        ("chongqing", {3}),
        ("zhongqing", {3}),
        ("cqca", {3}),
        ("zqca", {3}),
        ("cqk", set()),
        ("９１４１０４００ma9k1234xp", {1}),
        ("91410400MA9K", {1, 4}),
        ("gr2021", {3}),
        ("tcl", {4}),
        ("ｔｃｌ科技", {4}),
        ("砺新 装备", {1, 5}),
        ("砺新　轴承", {5}),
        ("砺新 老君", set()),
        ("新砺", set()),
    ],
)
def test_words_find(words, found):
    assert keys(words) == found
    assert set(matching(words, LABEL)) == found


@pytest.mark.parametrize(
    "words",
    ["", " ", "'", '"', '"" OR 1', "*", "%", "_", "a* OR b*", "NEAR(a b)", "砺新' --", "a & !b:*",
     "\\", "\x00", "砺新\x00", "x" * 1000, "砺" * 1000, "li" * 500, "( ) | <->", "grams:砺", "-砺新",
     "𠮷野", "\u202e砺新", "한국어", "🙂", "xiangangangangangangan"],
)  # fmt: skip
def test_what_people_type_is_never_syntax(words):
    find(words, LABEL)
    list(matching(words, LABEL))


def test_nothing_asked_finds_nothing():
    assert find(" ％ ", LABEL) == [] and not matching("％", LABEL).exists()


def test_the_exact_text_comes_first_then_those_that_begin_so():
    put_many(LABEL, [(6, [("name", "砺新")]), (7, [("name", "砺新电子")])])
    found = find("砺新", LABEL)
    assert [(one.key, one.rank) for one in found[:2]] == [(6, Rank.EXACT), (7, Rank.START)]
    assert {one.rank for one in found[2:]} == {Rank.WITHIN}
    assert find("91410400ma9k9999xq", LABEL)[0].rank == Rank.EXACT


def test_an_object_is_found_once_by_its_best_text():
    put_many(LABEL, [(8, [("name", "新砺新"), ("short", "砺新")])])
    mine = [one for one in find("砺新", LABEL) if one.key == 8]
    assert len(mine) == 1 and mine[0].kind == "short"


def test_only_what_may_be_seen_is_found_and_the_limit_counts_only_that():
    bodies = [body(name=f"砺新镇{i}") for i in range(30)]
    for one in bodies:
        put(one, [("name", one.name)])
    seen = Body.objects.filter(pk=bodies[-1].pk)
    assert {one.key for one in find("砺新镇", LABEL, limit=1, within=seen)} == {bodies[-1].pk}
    assert list(Body.objects.filter(pk__in=matching("新镇", LABEL)).filter(pk=bodies[3].pk))


def test_other_models_are_not_found():
    put_many("accounts.user", [(1, [("name", "砺新")])])
    assert 1 in {one.key for one in find("砺新", "accounts.user")}
    assert all(one.text != "砺新" for one in find("砺新", LABEL))
    assert set(matching("砺新", "accounts.user")) == {1}


def test_a_new_name_replaces_the_old():
    put_many(LABEL, [(5, [("name", "某某轴承厂")])])
    assert keys("砺新") == {1} and keys("某某") == {5}


def test_putting_the_same_again_writes_nothing(django_assert_num_queries):
    before = set(SearchTerm.objects.values_list("pk", flat=True))
    with django_assert_num_queries(3):
        put_many(LABEL, NAMES.items())
    assert set(SearchTerm.objects.values_list("pk", flat=True)) == before


def test_what_is_removed_is_no_longer_found():
    remove(LABEL, [1])
    assert keys("砺新") == {5}


def test_folding_leaves_letters_signs_and_digits():
    assert fold("ＴＣＬ（科技）·A 股份") == "tcl科技a股份"
