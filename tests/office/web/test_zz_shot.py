import pytest
from tests.office.browser import axe, log_in, overflow
from tests.office.factories import *
from peiyu.office.accounts.models import *
from peiyu.office.enterprises.actions import *
pytestmark=[pytest.mark.django_db(transaction=True), pytest.mark.urls("peiyu.office.config.urls")]
def test_shot(page, phone):
    t=body(BodyKind.TOWN,"克井镇"); z=body(BodyKind.ZONE,"玉川")
    es=[enterprise(f"济源市砺新智能装备{n}有限公司",town=t,zone=z if n%2 else None,code="91419001MA3XLX27Q1" if not n else "",industry="3599",field="801",legal_form="limited") for n in range(40)]
    b=person(Role.BUREAU_OFFICER,name="李晓梅"); o=person(Role.TOWN_OFFICER,t,name="赵丽娟"); tax=person(Role.TAX); st=person(Role.STATISTICS)
    add_contact(es[0],name="孙玉芬",duty="财务",phone="13912340876",main=True,actor=b)
    add_contact(es[1],name="某",actor=b)
    from peiyu.office.foundation.days import office_day
    D=office_day()
    c=draft({"name":"济源市荻鹬装备有限公司","industry":"3599"},body=t,town=t,zone=None,on=D,actor=o); propose(c,on=D,actor=o)
    for p_,suf in ((page,"d"),(phone,"m")):
        log_in(p_,b)
        for name,url in (("list","/enterprises/?status=active"),("one",f"/enterprises/{es[0].pk}/"),("notes",f"/enterprises/{es[0].pk}/notes/"),("reg",f"/registrations/{c.pk}/"),("edit",f"/enterprises/{es[0].pk}/edit/"),("people",f"/enterprises/{es[0].pk}/people/"),("record",f"/enterprises/{es[0].pk}/record/")):
            p_.goto(url); p_.screenshot(path=f"/tmp/s-{name}-{suf}.png",full_page=suf=="m" and name!="list"); print(name,suf,axe(p_),overflow(p_) if suf=="d" else "")
    log_in(page,b); page.goto("/enterprises/"); page.click("summary:has-text('镇、街道')"); page.check("input[name=town]"); page.wait_for_selector(".chip"); print(page.url, page.inner_text("#results .fc"))
    page.check("[name=chosen] >> nth=0"); page.screenshot(path="/tmp/s-list2.png")
    page.goto(f"/enterprises/{es[0].pk}/"); page.click("#contacts button:has-text('显示')"); page.wait_for_selector("text=13912340876")
    log_in(page,tax); page.goto(f"/registrations/{c.pk}/"); page.screenshot(path="/tmp/s-tax.png"); print(axe(page))
    for x in (page,phone): print(x.errors); x.errors.clear()
