"""Addresses of the API; mounted once, at `api/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path

from peiyu.office.api.pages import nothing_here, operations
from peiyu.office.api.problems import only_problems
from peiyu.office.api.root import api

mounted, _, _ = api.urls
for pattern in mounted:
    if isinstance(pattern, URLPattern):
        pattern.callback = only_problems(pattern.callback)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", operations, name="api_operations"),
    path("v1/", (mounted, "ninja", api.urls_namespace)),
    re_path(r"^.+$", nothing_here),
]
