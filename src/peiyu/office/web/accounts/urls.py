"""Addresses of the log-in, of one's own account, of people and bodies. Of allauth only what is used."""

from __future__ import annotations

from allauth.account import views as account
from allauth.socialaccount import views as one_door
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from peiyu.office.web.accounts import demo, log_in, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", log_in.log_in, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("login/inactive/", account.account_inactive, name="account_inactive"),
    path("login/again/", account.reauthenticate, name="account_reauthenticate"),
    path("login/city/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("login/city/cancelled/", one_door.login_cancelled, name="socialaccount_login_cancelled"),
    path("login/city/error/", one_door.login_error, name="socialaccount_login_error"),
    path("me/", views.account, name="account"),
    path("me/data/", views.me_data, name="me_data"),
    path("me/plain/", views.me_plain, name="me_plain"),
    path("me/password/", views.me_password, name="me_password"),
    path("me/second-factor/", include("allauth.mfa.urls")),
    path("me/sessions/", include("allauth.usersessions.urls")),
    path("me/tokens/new/", views.me_token_add, name="me_token_add"),
    path("me/tokens/<int:pk>/revoke/", views.me_token_revoke, name="me_token_revoke"),
    path("me/delegations/new/", views.me_delegate, name="me_delegate"),
    path(
        "me/delegations/<int:pk>/revoke/", views.me_delegation_revoke, name="me_delegation_revoke"
    ),
    path("people/", views.people, name="people"),
    path("people/new/", views.person_add, name="person_add"),
    path("people/hand-over/", views.hand_over, name="hand_over"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/change/", views.person_change, name="person_change"),
    path("people/<int:pk>/appoint/", views.person_appoint, name="person_appoint"),
    path(
        "people/<int:pk>/appointments/<int:appointment>/end/",
        views.appointment_end,
        name="appointment_end",
    ),
    path("people/<int:pk>/password/", views.person_password, name="person_password"),
    path("people/<int:pk>/second-factor/", views.person_second_factor, name="person_second_factor"),
    path("people/<int:pk>/leave/", views.person_leave, name="person_leave"),
    path("people/<int:pk>/come-back/", views.person_come_back, name="person_come_back"),
    path("bodies/", views.bodies, name="bodies"),
    path("bodies/new/", views.body_add, name="body_add"),
    path("bodies/responsible/", views.responsible_bodies, name="responsible_bodies"),
    path("bodies/<int:pk>/", views.body, name="body"),
    path("bodies/<int:pk>/rename/", views.body_rename, name="body_rename"),
    path("bodies/<int:pk>/move/", views.body_move, name="body_move"),
    path("bodies/<int:pk>/close/", views.body_close, name="body_close"),
    path("bodies/<int:pk>/unit/", views.body_unit, name="body_unit"),
    path("bodies/<int:pk>/mark/", views.body_mark, name="body_mark"),
]
if settings.DEMO:
    urlpatterns += [
        path("demo/log-in/", demo.demo_log_in, name="demo_log_in"),
        path("demo/day/", demo.demo_day, name="demo_day"),
    ]
