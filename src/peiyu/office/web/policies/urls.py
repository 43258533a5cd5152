"""Addresses of the library, the settings, the articles and the rulebooks."""

from django.urls import path

from peiyu.office.web.policies import articles, rules, views

ARTICLE = "policies/articles/<str:cite>/"
VERSION = f"{ARTICLE}<int:version>/"
urlpatterns = [
    path("policies/", views.policies, name="policies"),
    path("policies/documents/new/", views.document_enter, name="document_enter"),
    path("policies/documents/<int:pk>/", views.policy_document, name="policy_document"),
    path("policies/documents/<int:pk>/change/", views.document_change, name="document_change"),
    path("policies/documents/<int:pk>/clauses/new/", views.clause_add, name="clause_add"),
    path("policies/settings/", views.settings, name="settings"),
    path("policies/settings/<str:key>/", views.setting, name="setting"),
    path("policies/articles/", articles.articles, name="articles"),
    path(ARTICLE, articles.article_page, name="article"),
    path(f"{ARTICLE}enter/", articles.text_enter, name="article_text_enter"),
    path(f"{VERSION}confirm/", articles.text_confirm, name="article_text_confirm"),
    path(f"{VERSION}withdraw/", articles.text_withdraw, name="article_text_withdraw"),
    path("policies/rulebooks/", rules.rulebooks, name="rulebooks"),
    path("policies/rulebooks/<slug:name>/", rules.rulebook, name="rulebook"),
    path(
        "policies/rulebooks/<slug:name>/compare/", rules.rulebook_compare, name="rulebook_compare"
    ),
]
