"""Root addresses: the pages of the office, of enterprises, and the API."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
