"""Build the demo city in an empty database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from peiyu.demo.city import DAY, SEED, city
from peiyu.demo.office import (
    assessing,
    certificates,
    evidence,
    figures,
    issued,
    library,
    messy,
    qualifications,
    registry,
    views,
)
from peiyu.demo.office.days import live_on
from peiyu.demo.office.people import BEGUN_ON, bring_in, stand_in
from peiyu.office.foundation.sealing import seal
from peiyu.words import Message, message


def build(say: Callable[[Message], None], *, seed: int = SEED) -> None:
    """Everything of the demo in one transaction: it is there as a whole or not at all."""
    random = Random(f"{seed} office")
    with transaction.atomic():
        live_on(BEGUN_ON)
        say(message("部门、镇和人员……"))
        people = bring_in(random)
        say(message("政策文件……"))
        library.fill(people)
        say(message("320家虚构企业……"))
        drawn = city(seed)
        found = registry.fill(drawn, people, random)
        views.fill(people)
        say(message("七个会计年度的数……"))
        told = figures.fill(drawn, found, people)
        say(message("知识产权、研发项目、产品和转化……"))
        evidence.fill(drawn, found, people)
        say(message("证书、资格、年报和目标……"))
        certificates.fill(drawn, found, people)
        qualifications.fill(found, people, drawn.on, drawn.seed)
        say(message("核对各项条件……"))
        assessing.fill(drawn, found, people)
        say(message("文书……"))
        issued.fill(people)
        live_on(DAY)
        stand_in(people, DAY)
    messy.write(Path(settings.HOME) / messy.FOLDER, told, seed)
    seal(timezone.now())
