"""The browser, for the pages of the office."""

from tests.office.browser import chromium, page, phone

__all__ = ["chromium", "page", "phone"]
