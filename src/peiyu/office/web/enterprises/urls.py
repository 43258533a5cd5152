"""Addresses of the registry."""

from django.urls import path

from peiyu.office.web.assessments.urls import of_enterprise as assessments
from peiyu.office.web.certificates.urls import of_enterprise as certificates
from peiyu.office.web.enterprises import (
    bulk,
    changes,
    detail,
    figures_export,
    listing,
    months,
    notes,
    people,
    years,
    years_changes,
    years_steps,
)
from peiyu.office.web.papers.urls import of_enterprise as papers

YEARS = "<int:pk>/years/"
YEAR = f"{YEARS}<int:year>/"

urlpatterns = [
    *assessments,
    *certificates,
    *papers,
    path("", listing.enterprises, name="enterprises"),
    path("export/", listing.enterprises_export, name="enterprises_export"),
    path("figures/", figures_export.figures_choose, name="figures_choose"),
    path("figures/export/", figures_export.figures_file, name="figures_file"),
    path("views/new/", listing.view_save, name="view_save"),
    path("views/<int:pk>/forget/", listing.view_forget, name="view_forget"),
    path("bulk/", bulk.enterprises_bulk, name="enterprises_bulk"),
    path("bulk/undo/<str:token>/", bulk.enterprises_bulk_undo, name="enterprises_bulk_undo"),
    path("duplicates/", changes.duplicates, name="duplicates"),
    path("<int:pk>/", detail.enterprise, name="enterprise"),
    path("<int:pk>/people/", detail.enterprise_people, name="enterprise_people"),
    path("<int:pk>/notes/", detail.enterprise_notes, name="enterprise_notes"),
    path("<int:pk>/history/", detail.enterprise_history, name="enterprise_history"),
    path("<int:pk>/record/", detail.enterprise_record, name="enterprise_record"),
    path("<int:pk>/edit/", changes.enterprise_edit, name="enterprise_edit"),
    path("<int:pk>/rename/", changes.enterprise_rename, name="enterprise_rename"),
    path("<int:pk>/code/", changes.enterprise_code, name="enterprise_code"),
    path("<int:pk>/move/", changes.enterprise_move, name="enterprise_move"),
    path("<int:pk>/close/", changes.enterprise_close, name="enterprise_close"),
    path("<int:pk>/reopen/", changes.enterprise_reopen, name="enterprise_reopen"),
    path("<int:pk>/merge/", changes.enterprise_merge, name="enterprise_merge"),
    path("<int:pk>/not-same/<int:other>/", changes.enterprise_not_same, name="enterprise_not_same"),
    path("<int:pk>/contacts/reveal/", detail.contacts_reveal, name="contacts_reveal"),
    path("<int:pk>/contacts/new/", people.contact_add, name="contact_add"),
    path("<int:pk>/contacts/<int:contact>/", people.contact_change, name="contact_change"),
    path("<int:pk>/contacts/<int:contact>/end/", people.contact_end, name="contact_end"),
    path("<int:pk>/mandates/new/", people.mandate_give, name="mandate_give"),
    path("<int:pk>/mandates/<int:mandate>/revoke/", people.mandate_revoke, name="mandate_revoke"),
    path(YEARS, years.enterprise_years, name="enterprise_years"),
    path(f"{YEAR}verify-items/", years_changes.items_verify, name="items_verify"),
    path(f"{YEAR}check/", years_changes.report_check, name="report_check"),
    path(f"{YEAR}verify/", years_changes.report_verify, name="report_verify"),
    path(f"{YEAR}return/", years_steps.report_return, name="report_return"),
    path(f"{YEAR}reopen/", years_steps.report_reopen, name="report_reopen"),
    path(f"{YEAR}ask/", years_steps.facts_ask, name="facts_ask"),
    path(f"{YEAR}months/", months.enterprise_months, name="enterprise_months"),
    path(f"{YEAR}months/<int:month>/", months.enterprise_month, name="enterprise_month"),
    path(f"{YEAR}<str:basis>/state/", years_changes.figures_state, name="figures_state"),
    path(f"{YEAR}<str:basis>/<str:figure>/", years.figure_history, name="figure_history"),
    path(
        f"{YEARS}requests/<int:asked>/withdraw/",
        years_steps.request_withdraw,
        name="request_withdraw",
    ),
    path("<int:pk>/notes/new/", notes.note_write, name="note_write"),
    path("<int:pk>/notes/<int:note>/withdraw/", notes.note_withdraw, name="note_withdraw"),
    path("<int:pk>/files/new/", notes.file_attach, name="file_attach"),
    path("<int:pk>/files/<int:file>/", notes.file_download, name="file_download"),
    path("<int:pk>/files/<int:file>/preview/", notes.file_preview, name="file_preview"),
]
