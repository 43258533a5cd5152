"""Every citation opens in both languages, and what no rule follows yet is listed with a reason."""

import re
from collections import Counter
from datetime import date

import pytest

from peiyu.policy import articles as room
from peiyu.policy.articles import (
    FILES,
    Article,
    Certainty,
    Kind,
    UnknownCitationError,
    article,
    articles,
    not_modelled,
)

ALL = articles()
DOCUMENTS = tuple({found.document.tag: found.document for found in ALL}.values())
CITED = (
    "M2", "M11(1)", "M11(8)", "M12", "M12(1)", "M16", "M19(3)", "G1.3", "G1.4", "G2.3", "G2.4",
    "G3.2", "G3.2.7", "G3.5", "G3.6.2(8)", "G3.6.5", "G3.7.1", "G3.7.4", "G4.3", "G5.2", "G5.6.3",
    "A1", "A2-一", "A2-八", "A8", "GD-191", "GD-191(1)", "GD-2026-1", "GD-2026-1(2)", "T24-1",
)  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def by_cite(found: Article) -> str:
    return found.cite


def parent(found: Article) -> str:
    """The article one step up in the same document, empty at its top."""
    shorter = re.sub(r"(\([^()]+\)|-[^-()]+|\.\d+)$", "", found.cite)
    return "" if found.document.tag in (found.cite, shorter) or shorter == found.cite else shorter


@pytest.mark.parametrize("found", ALL, ids=by_cite)
def test_every_article_is_glossed_in_both_languages(found: Article) -> None:
    zh, en = found.gloss("zh"), found.gloss("en")
    assert CHINESE.search(zh)
    assert zh.endswith("。")
    assert not CHINESE.search(en)
    assert en.endswith(".")
    assert "\n" not in zh + en


@pytest.mark.parametrize("found", ALL, ids=by_cite)
def test_a_gloss_is_one_to_three_sentences(found: Article) -> None:
    assert 1 <= found.gloss("zh").count("。") <= 3


@pytest.mark.parametrize("found", ALL, ids=by_cite)
def test_no_text_of_the_law_is_confirmed_yet(found: Article) -> None:
    assert found.text == ""


def test_no_citation_stands_twice() -> None:
    written: Counter[str] = Counter()
    for name in FILES:
        for raw in room._read(name):
            written.update(entry["cite"] for entry in raw["articles"])
    assert [cite for cite, times in written.items() if times > 1] == []
    assert len(written) == len(ALL)


def test_a_citation_that_stands_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "FILES", (FILES[0], FILES[0]))
    with pytest.raises(ValueError, match="'M1' stands twice"):
        room._by_citation.__wrapped__()


@pytest.mark.parametrize("found", ALL, ids=by_cite)
def test_every_article_hangs_on_one_that_exists(found: Article) -> None:
    assert not parent(found) or article(parent(found)).document == found.document


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.tag)
def test_an_address_is_https_or_said_to_be_lacking(document: room.Document) -> None:
    if document.address:
        assert document.address.startswith("https://")
    else:
        assert not document.opened
        assert "网址" in document.note("zh")
        assert "address" in document.note("en")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.tag)
def test_every_document_is_named_in_both_languages(document: room.Document) -> None:
    for said in (document.title, document.issuer, document.note):
        assert CHINESE.search(said("zh"))
        assert not CHINESE.search(said("en"))
    assert document.number


def test_documents_have_their_weight_and_their_first_day() -> None:
    found = {document.tag: (document.kind, document.in_force_from) for document in DOCUMENTS}
    assert found == {
        "M": (Kind.REGULATION, date(2016, 1, 1)),
        "MO": (Kind.REGULATION, date(2008, 1, 1)),
        "G": (Kind.GUIDANCE, date(2016, 1, 1)),
        "GD-191": (Kind.PROFESSIONAL_GUIDANCE, date(2022, 11, 10)),
        "GD-2026-1": (Kind.PROFESSIONAL_GUIDANCE, None),
        "T24": (Kind.REGULATION, date(2017, 6, 19)),
        "JY": (Kind.GUIDANCE, date(2017, 1, 1)),
        "JYL": (Kind.GUIDANCE, date(2024, 1, 1)),
        "HN86": (Kind.GUIDANCE, date(2017, 1, 1)),
        "HNX": (Kind.GUIDANCE, date(2017, 1, 1)),
        "HNN": (Kind.GUIDANCE, date(2022, 1, 1)),
        "HNR": (Kind.GUIDANCE, date(2018, 1, 1)),
        "PF": (Kind.REGULATION, date(2016, 9, 1)),
        "PF272": (Kind.REGULATION, date(2018, 8, 1)),
        "PF316": (Kind.REGULATION, date(2019, 7, 1)),
        "PL": (Kind.REGULATION, date(1985, 4, 1)),
        "PR": (Kind.REGULATION, date(2001, 7, 1)),
        "TS": (Kind.REGULATION, date(2017, 5, 3)),
        "TN": (Kind.GUIDANCE, date(2018, 1, 1)),
        "T34": (Kind.REGULATION, date(2017, 1, 1)),
        "T18": (Kind.REGULATION, date(2017, 1, 1)),
        "T45": (Kind.REGULATION, date(2018, 1, 1)),
        "T16": (Kind.REGULATION, date(2022, 1, 1)),
        "T99": (Kind.REGULATION, date(2018, 1, 1)),
        "EITL": (Kind.REGULATION, date(2008, 1, 1)),
        "EITR": (Kind.REGULATION, date(2008, 1, 1)),
        "T43": (Kind.REGULATION, date(2017, 1, 1)),
        "T77": (Kind.REGULATION, date(2018, 1, 1)),
        "T13": (Kind.REGULATION, date(2019, 1, 1)),
        "T13Y22": (Kind.REGULATION, date(2022, 1, 1)),
        "T76": (Kind.REGULATION, date(2018, 1, 1)),
        "T7": (Kind.REGULATION, date(2023, 1, 1)),
        "LG": (Kind.GUIDANCE, date(2017, 10, 1)),
        "RS": (Kind.GUIDANCE, date(2017, 1, 1)),
    }


def test_professional_guidance_is_never_passed_off_as_law() -> None:
    for found in ALL:
        professional = found.document.kind is Kind.PROFESSIONAL_GUIDANCE
        assert professional == (found.certainty is Certainty.PROFESSIONAL), found.cite


@pytest.mark.parametrize("cite", [f"M{number}" for number in range(1, 24)])
def test_no_article_of_the_measures_is_forgotten(cite: str) -> None:
    assert article(cite).document.number == "国科发火〔2016〕32号"


@pytest.mark.parametrize("cite", CITED)
def test_a_citation_opens(cite: str) -> None:
    assert article(cite).cite == cite


@pytest.mark.parametrize(
    ("cite", "near"),
    [("M11(9)", "M11("), ("G3.6.2(9)", "G3.6.2("), ("A2-九", "A2-"), ("m11(5)", "M11(5)")],
)
def test_a_citation_that_does_not_open_names_the_nearest(cite: str, near: str) -> None:
    with pytest.raises(UnknownCitationError) as refused:
        article(cite)
    assert isinstance(refused.value, KeyError)
    nearest = refused.value.nearest
    assert nearest[0].startswith(near)
    assert [article(other).cite for other in nearest] == list(nearest)
    assert str(refused.value).startswith(f"no article '{cite}': the nearest are {near}")


def test_what_is_not_modelled_has_a_reason_and_what_is_has_none() -> None:
    assert not_modelled()
    assert all(found.reason("zh") and found.reason("en") for found in not_modelled())
    assert not any(found.reason("zh") or found.reason("en") for found in ALL if found.modelled)


def test_every_condition_of_article_11_is_modelled() -> None:
    assert all(article(f"M11({number})").modelled for number in range(1, 9))


def test_every_reason_is_needed() -> None:
    (reasons,) = room._read("reasons")
    said = {found.reason("en") for found in not_modelled()}
    assert {reason["en"] for reason in reasons.values()} == said


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(KeyError):
        article("M2").gloss("fr")


def test_articles_are_read_once() -> None:
    assert article("M2") is article("M2")
