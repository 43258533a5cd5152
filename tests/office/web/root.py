"""The addresses with which the look is tried: its own pages, and one that breaks."""

from django.http import HttpResponse
from django.urls import include, path

from peiyu.office.web.views import errors

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed


def breaks(request):
    raise ValueError("secret of the inside")


def suggest(request):
    found = [f'<a role="option" href="/found/{n}/">{n}</a>' for n in (1, 2, 3)]
    return HttpResponse("".join(found))


def found(request, number=0):
    return HttpResponse(f"<title>{number}</title>")


urlpatterns = [
    path("", found, name="today"),
    path("enterprises/", found, name="enterprises"),
    path("notices/", found, name="notices"),
    path("search/", found, name="search"),
    path("search/suggest/", suggest, name="search_suggest"),
    path("found/<int:number>/", found),
    path("", include("peiyu.office.web.urls")),
    path("", include("peiyu.office.web.accounts.urls")),
    path("breaks/", breaks),
]
