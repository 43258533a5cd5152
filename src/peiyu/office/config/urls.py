"""Root addresses: the pages of the office, of enterprises, and the API."""

from django.urls import URLPattern, URLResolver, include, path

from peiyu.office.web.views import errors

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("peiyu.office.web.urls")),
    path("portal/", include("peiyu.office.portal.urls")),
    path("api/", include("peiyu.office.api.urls")),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
