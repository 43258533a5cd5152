"""Addresses of the first page, search and messages."""

from django.urls import path

from peiyu.office.web.desk import views

urlpatterns = [
    path("", views.today, name="today"),
    path("search/", views.search, name="search"),
    path("search/suggest/", views.search_suggest, name="search_suggest"),
    path("messages/", views.messages, name="messages"),
    path("messages/read/", views.messages_read, name="messages_read"),
    path("messages/<int:pk>/open/", views.message_open, name="message_open"),
]
