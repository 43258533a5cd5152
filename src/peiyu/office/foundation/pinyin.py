"""Sounds of Chinese signs: for finding names by what one types on a keyboard."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import pairwise, product
from pathlib import Path

SYLLABLES = frozenset(
    """
    a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can
    cang cao ce cen ceng cha chai chan chang chao che chen cheng chi chong chou chu chuai chuan
    chuang chui chun chuo ci cong cou cu cuan cui cun cuo da dai dan dang dao de deng di dia
    dian diao die ding diu dong dou du duan dui dun duo e ei en er fa fan fang fei fen feng fo
    fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo ha
    hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian
    jiang jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke ken keng kong kou
    ku kua kuai kuan kuang kui kun kuo la lai lan lang lao le lei leng li lia lian liang liao
    lie lin ling liu long lou lu luan lun luo lv lve ma mai man mang mao me mei men meng mi
    mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen neng ni nian niang niao
    nie nin ning niu nong nou nu nuan nuo nv nve o ou pa pai pan pang pao pei pen peng pi pian
    piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun
    ran rang rao re ren reng ri rong rou ru ruan rui run ruo sa sai san sang sao se sen seng
    sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun
    shuo si song sou su suan sui sun suo ta tai tan tang tao te teng ti tian tiao tie ting tong
    tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian xiang xiao xie xin
    xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun
    za zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong
    zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
    """.split()
)
LONGEST = 6
INITIALS = 4
"""Initials are kept four in a row: few different ones, and enough to tell names apart."""
MOST_READINGS = 2
"""The usual reading of a sign and the next one: 重 zhong chong, 长 zhang chang."""
MOST_SPLITS = 4


def is_chinese(sign: str) -> bool:
    """Whether it is a Chinese sign."""
    return "\u3400" <= sign <= "\u9fff" or sign >= "\U00020000" or sign in "〇々"


def tokens_of(units: list[str]) -> Iterator[str]:
    """Pairs of syllables, and initials four in a row, of a name cut into signs and Latin words."""
    sounds = [
        readings(unit) or (unit,) if is_chinese(unit) else (unit[:LONGEST],) for unit in units
    ]
    if len(sounds) == 1:
        yield from sounds[0]
    for left, right in pairwise(sounds):
        yield from (one + other for one, other in product(left, right))
    firsts: list[tuple[str, ...]] = []
    for unit, sound in zip(units, sounds, strict=True):
        if is_chinese(unit):
            firsts.append(tuple(dict.fromkeys(reading[:1] for reading in sound)))
        else:
            firsts.extend((letter,) for letter in unit[:LONGEST])
    for start in range(len(firsts)):
        yield from map("".join, product(*firsts[start : start + INITIALS]))


def splits(typed: str) -> list[list[str]]:
    """Ways to read letters as syllables, longest first; the last may be only begun."""
    found: list[list[str]] = []
    steps = 0

    def go(start: int, so_far: list[str]) -> None:
        nonlocal steps
        steps += 1
        if len(found) == MOST_SPLITS or steps > 400:
            return
        if start == len(typed):
            found.append(so_far)
            return
        for length in range(min(LONGEST, len(typed) - start), 0, -1):
            part = typed[start : start + length]
            if part in SYLLABLES or start + length == len(typed) and part in _begun():
                go(start + length, [*so_far, part])

    go(0, [])
    return found


def readings(sign: str) -> tuple[str, ...]:
    """How a sign is read, without tones, the usual reading first; empty if nobody knows."""
    said = _dictionary().get(str(ord(sign)), "")
    return tuple(dict.fromkeys(map(_plain, said.split(",")[:MOST_READINGS]))) if said else ()


@cache
def _begun() -> frozenset[str]:
    return frozenset(one[:end] for one in SYLLABLES for end in range(1, len(one)))


@cache
def _plain(reading: str) -> str:
    """Without tones; ü is typed as v."""
    letters = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(
        letter for letter in letters.replace("ü", "v") if not unicodedata.combining(letter)
    )


@cache
def _dictionary() -> dict[str, str]:
    """The readings of pypinyin, read without the rest of it (its phrases take 50 MB)."""
    found = find_spec("pypinyin")
    assert found is not None and found.submodule_search_locations
    place = Path(found.submodule_search_locations[0]) / "pinyin_dict.json"
    held: dict[str, str] = json.loads(place.read_text(encoding="utf-8"))
    return held
