"""Django's settings, all taken from the workspace that BESTVALUE_WORKSPACE names (the current folder when it names none)."""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from bestvalue.workspace import Workspace

WORKSPACE = Workspace.open(Path(os.environ.get("BESTVALUE_WORKSPACE", ".")))
SITE = Path(__file__).resolve().parent

SECRET_KEY = WORKSPACE.keys.site_key
DEBUG = False
# Behind a server name or TLS the operator says so; alone on a machine only that machine may ask.
ALLOWED_HOSTS = os.environ.get("BESTVALUE_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
HTTPS = os.environ.get("BESTVALUE_HTTPS", "") == "1"

INSTALLED_APPS = [
    "bestvalue.record.ledger",
    "bestvalue.record.bodies",
    "bestvalue.record.programme",
    "bestvalue.record.reviews",
    "bestvalue.record.scrutiny",
    "bestvalue.record.inspections",
    "bestvalue.record.delivery",
    "bestvalue.record.assessment",
    "bestvalue.record.practice",
    "bestvalue.record.meetings",
    "bestvalue.record.discussion",
    "bestvalue.record.consultation",
    "bestvalue.record.search",
    "bestvalue.record.jobs",
    "bestvalue.site",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django.contrib.humanize",  # the list of sessions says "5 minutes ago"
    "simple_history",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "bestvalue.site.answers.AnswerHeaders",
    "bestvalue.site.sign_in.SessionLimits",
    "bestvalue.site.rate_limits.RateLimits",
    "bestvalue.site.security_log.RefusalLog",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "bestvalue.site.sign_in.SecondStep",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "bestvalue.site.answers.FaultPages",
]

ROOT_URLCONF = "bestvalue.site.urls"
WSGI_APPLICATION = "bestvalue.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "bestvalue.site.frame.frame",
            ],
        },
    }
]
FORM_RENDERER = "bestvalue.site.forms.rendering.FormRenderer"

# How many web servers stand before the site: so many addresses at the end of X-Forwarded-For, and X-Forwarded-Proto, are believed.
PROXIES = int(os.environ.get("BESTVALUE_PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None

DATABASES = {"default": dj_database_url.parse(WORKSPACE.database_url, conn_max_age=60)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Write-ahead log: readers never wait. Immediate: a writer waits at its start, never in the middle with work to lose.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "site_cache"},
    # How often a survey was begun from one address: in memory alone, because respondents are promised that nothing is kept of them.
    "limits": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "limits", "OPTIONS": {"MAX_ENTRIES": 20_000}},
}
REQUESTS_A_MINUTE = {
    what: int(os.environ.get(f"BESTVALUE_{what.upper()}_A_MINUTE", number))
    for what, number in (("api", 1200), ("search", 60), ("export", 120))
}
# Files are scanned and read by a worker of their own: none of them waits for an analysis that takes an hour.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "files"]}}

AUTH_USER_MODEL = "bodies.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "home"
LOGIN_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # shared computers: the cookie goes with the browser
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60  # so long "it is still me" holds, for one's own security, publishing, places, sensitive files
ACCOUNT_ADAPTER = "bestvalue.site.sign_in.AccountAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = f"bestvalue: {WORKSPACE.settings.name}"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # security keys on http://localhost
EMAIL_BACKEND = os.environ.get("BESTVALUE_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
DEFAULT_FROM_EMAIL = os.environ.get("BESTVALUE_EMAIL_FROM", "bestvalue@localhost")

SESSION_COOKIE_AGE = 12 * 60 * 60  # nobody stays signed in for longer, however busy
SESSION_IDLE_SECONDS = int(os.environ.get("BESTVALUE_IDLE_MINUTES", "30")) * 60
SESSION_COOKIE_HTTPONLY = True
if HTTPS:
    # A browser takes such a cookie from this very host alone, over TLS: no neighbour's name can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
# Whoever has no second step is led to set one up, and sees nothing before.
SECOND_STEP_REQUIRED = os.environ.get("BESTVALUE_SECOND_STEP", "1" if HTTPS else "0") == "1"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
STATICFILES_DIRS = [SITE / "static"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {
        # Who came in and who was refused, a line of JSON each: for the deployment to ship off the host.
        "bestvalue.security": {"handlers": ["stderr"], "level": "INFO"},
        # The traceback of a bug; its page gives a reference that stands in the log beside it.
        "django.request": {"handlers": ["stderr"], "level": "ERROR"},
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

LANGUAGE_CODE = "en-gb"
TIME_ZONE = WORKSPACE.settings.time_zone
USE_TZ = True
USE_I18N = True
