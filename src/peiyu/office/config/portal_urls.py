"""Root addresses of the portal standing alone: its pages, the log-in, one's own account; no office.

`today` and `notices` are the names by which the frame of every page finds its first page and bell.
"""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from peiyu.office.portal import views
from peiyu.office.web.accounts.urls import urlpatterns as accounts
from peiyu.office.web.views import errors
from peiyu.office.web.views.language import language

OWN = ("login/", "logout/", "me/", "demo/")
"""Of the pages of accounts those about oneself; people and bodies are the office's."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="portal"), name="today"),
    path("notices/", views.told, name="notices"),
    path("language/", language, name="language"),
    path("portal/", include("peiyu.office.portal.urls")),
    *(one for one in accounts if str(one.pattern).startswith(OWN)),
]
handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.failed
