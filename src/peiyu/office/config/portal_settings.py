"""Settings of the portal standing alone, on the network of enterprises: the same office, one door.

Same database and home; own cookies, so that a log-in here is none at the office.
"""

from __future__ import annotations

from peiyu.office.config.settings import *  # noqa: F403

ROOT_URLCONF = "peiyu.office.config.portal_urls"
SESSION_COOKIE_NAME = "portal_session"
CSRF_COOKIE_NAME = "portal_csrf"
LOGIN_REDIRECT_URL = "/portal/"
