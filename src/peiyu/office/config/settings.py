"""Settings of the office. What differs between installations stands in `environment.py`."""

from __future__ import annotations

from datetime import timedelta

from csp.constants import NONCE, NONE, SELF

from peiyu.office.config.environment import Environment, Misconfigured
from peiyu.words import CATALOGUES

ENVIRONMENT = Environment.read()
HOME = ENVIRONMENT.home
DEMO = ENVIRONMENT.demo
if reason := ENVIRONMENT.why_no_demo():
    raise Misconfigured(reason)

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret("secret_key")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *ENVIRONMENT.hosts]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ENVIRONMENT.hosts]
ROOT_URLCONF = "peiyu.office.config.urls"
WSGI_APPLICATION = "peiyu.office.config.wsgi.application"

ROOMS = (
    "foundation accounts casework notices policies enterprises reports portfolio qualifications "
    "assessments goals desk web portal api".split()
)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    # before allauth, whose templates the doors replace
    *(f"peiyu.office.{room}" for room in ROOMS),
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "peiyu.office.web.middleware.Guard",
    "axes.middleware.AxesMiddleware",
]

DATABASES = ENVIRONMENT.databases()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "peiyu.office.web.context.office",
            ],
        },
    }
]
STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = DEMO  # the demo needs no gathering of static files
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILES_ROOT = HOME / "files"
HEADS_ROOT = HOME / "heads"
PAPER_FONTS = [ENVIRONMENT.fonts] if ENVIRONMENT.fonts else []
VERIFY_ADDRESS = f"{ENVIRONMENT.public_address()}/portal/verify/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [CATALOGUES]
LOGGING = {  # beside Django's own, which tells nobody where there is no debugging and no mail
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR"}},
}

LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # unique whatever its case, by an index of our own
PASSWORD_HASHERS = [
    # passwords of the demo are random and told to nobody: a quick hash builds it in seconds
    f"django.contrib.auth.hashers.{'MD5' if DEMO else 'Argon2'}PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [{"NAME": "peiyu.office.accounts.passwords.HousePolicy"}]
CSRF_FAILURE_VIEW = "peiyu.office.web.views.errors.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ADMINISTRATORS_NEED_SECOND_FACTOR = not DEMO

ACCOUNT_ADAPTER = "peiyu.office.web.accounts.adapters.Accounts"
ACCOUNT_FORMS = {"login": "peiyu.office.web.accounts.forms.LogIn"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_USER_DISPLAY = str
# axes watches passwords, by name and address together; this one watches codes, by person
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/900s/key"}
MFA_ADAPTER = "peiyu.office.web.accounts.adapters.SecondFactors"
MFA_FORMS = {
    "authenticate": "peiyu.office.web.accounts.forms.SecondFactor",
    "login_webauthn": "peiyu.office.web.accounts.forms.KeyAtLogIn",
    "authenticate_webauthn": "peiyu.office.web.accounts.forms.KeyAsSecond",
    "reauthenticate_webauthn": "peiyu.office.web.accounts.forms.KeyAgain",
    "add_webauthn": "peiyu.office.web.accounts.forms.NewKey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "培育"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # the demo has no https; it serves this machine only
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ADAPTER = "peiyu.office.web.accounts.adapters.OneDoor"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "city",
                "name": "统一身份认证",
                "client_id": door.client,
                "secret": door.secret,
                "settings": {"server_url": door.issuer},
            }
            for door in filter(None, [ENVIRONMENT.oidc])
        ],
    }
}
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.proxies

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "peiyu.office.web.accounts.adapters.tried_name"
AXES_CLIENT_IP_CALLABLE = "peiyu.office.web.accounts.adapters.address_of"
AXES_LOCKOUT_CALLABLE = "peiyu.office.web.accounts.adapters.locked_out"
AXES_DISABLE_ACCESS_LOG = True  # the office keeps its own
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

SESSION_COOKIE_AGE = 12 * 60 * 60  # idle people go earlier: web/middleware.py
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO and ENVIRONMENT.https
SECURE_SSL_REDIRECT = not DEMO and ENVIRONMENT.https
# only our own proxies are believed that the caller came by https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.proxies else None
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *(door.origin for door in filter(None, [ENVIRONMENT.oidc]))],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
        "manifest-src": [SELF],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in "accelerometer autoplay camera display-capture geolocation gyroscope microphone"
    " midi payment usb".split()
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
