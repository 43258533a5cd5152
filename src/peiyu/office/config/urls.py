"""Root addresses: the pages of the office, of enterprises, and the API."""

from django.urls import URLPattern, URLResolver, include, path

from peiyu.office.config.troubles import by_door
from peiyu.office.web.views import errors

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("peiyu.office.web.urls")),
    path("portal/", include("peiyu.office.portal.urls")),
    path("api/", include("peiyu.office.api.urls")),
]
handler400 = by_door(errors.bad_request, 400)
handler403 = by_door(errors.forbidden, 401)
handler404 = by_door(errors.not_found, 404)
handler500 = by_door(errors.failed, 500)
