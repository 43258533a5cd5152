"""Addresses of evidence across enterprises."""

from django.urls import path

from peiyu.office.web.evidence import contacts, overview, rights, uses

urlpatterns = [
    path("", overview.evidence, name="evidence"),
    path("rights/", rights.rights, name="rights"),
    path("rights/export/", rights.rights_export, name="rights_export"),
    path("fields/", rights.rights_by_field, name="rights_by_field"),
    path("strong/", rights.rights_strong, name="rights_strong"),
    path("uses/", uses.uses, name="uses"),
    path("uses/new/", uses.use_new, name="use_new"),
    path("uses/<int:pk>/withdraw/", uses.use_withdraw, name="use_withdraw"),
    path("contacts/", contacts.ip_contacts, name="ip_contacts"),
    path("contacts/<int:pk>/<str:side>/name/", contacts.ip_contact_name, name="ip_contact_name"),
    path("contacts/<int:pk>/<int:contact>/end/", contacts.ip_contact_end, name="ip_contact_end"),
]
