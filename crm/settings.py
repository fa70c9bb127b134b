"""All settings. The environment is read here and nowhere else."""

from pathlib import Path
from typing import Any

import structlog
from csp.constants import NONE, SELF
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY")
BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/")  # how links in mail reach us
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
SECURE = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "django_structlog",
    "django_prometheus",
    "allauth",
    "allauth.account",
    "axes",
    "csp",
    "lucide",
    "anymail",
    "crm",
    "talentpool",
    "campaigns",
    "ats_sync",
    "sourcing",
    "analytics",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.middleware.health",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "crm.middleware.metrics",
    "crm.middleware.organisation",
    "crm.middleware.sign_in",
    "crm.rest.door.api",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.rendering.frame",
            ],
            "builtins": ["crm.templatetags.rapport"],
        },
    }
]

# --- PostgreSQL: the application's role owns nothing; `make up` and the migrate service migrate as the owner.
DATABASE_URL = env.str("DATABASE_URL")
OWNER_DATABASE_URL = env.str("OWNER_DATABASE_URL", DATABASE_URL)
DATABASE_ROLE = "crm"
DATABASES = {"default": env.dj_db_url("DATABASE_URL", conn_max_age=60, conn_health_checks=True)}
DATABASES["default"]["TEST"] = {"NAME": "test_crm"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "crm.User"

# --- Valkey: cache, throttles and Celery's queues. Losing it loses no work.
VALKEY_URL = env.str("VALKEY_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": VALKEY_URL,
        "KEY_FUNCTION": "crm.tenancy.cache.tenant_key",
        "KEY_PREFIX": "rapport",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", "redis://127.0.0.1:6379/1")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

# --- Search: PostgreSQL answers unless an OpenSearch is named.
OPENSEARCH_URL = env.str("OPENSEARCH_URL", "")
OPENSEARCH_INDEX_PREFIX = env.str("OPENSEARCH_INDEX_PREFIX", "rapport")
# Likeness in meaning beside the words; needs what requirements-semantic.txt names.
SEMANTIC_SEARCH = env.bool("SEMANTIC_SEARCH", False)

# --- Signing in
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "crm.accounts.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "crm.account_forms.LoginForm",
    "reset_password": "crm.account_forms.ResetPasswordForm",
    "reset_password_from_key": "crm.account_forms.ResetPasswordKeyForm",
    "change_password": "crm.account_forms.ChangePasswordForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "20/5m/ip,5/5m/key"}
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_HTTP_RESPONSE_CODE = 429

# --- Security
SECURE_SSL_REDIRECT = False  # the proxy's work; it alone knows the outer scheme
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # would have us redirect all the same
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_HSTS_SECONDS = 63_072_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
FIELD_KEYS: list[str] = env.list("FIELD_KEYS", [])  # Fernet keys for secrets at rest, newest first
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # /metrics answers to `Authorization: Bearer …` of it
INTERNAL_IPS: list[str] = []

# --- Language and time: stored in UTC, shown in the person's zone
LANGUAGE_CODE = "en"
# People outside an organisation are answered in theirs (crm.languages); members' pages are in English.
LANGUAGES = [
    ("en", "English"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("es", "Español"),
    ("nl", "Nederlands"),
    ("it", "Italiano"),
    ("pt", "Português"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = False  # it would write ids in forms as 1,234; shown numbers say |number
TIME_ZONE = "UTC"

# --- Files
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "var" / "static")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20

CANDIDATE_FILE_MAX_BYTES = env.int("CANDIDATE_FILE_MAX_BYTES", 25 * 2**20)  # of one file that a member adds to a person

# A scanner in clamd's protocol, tcp://host:3310 or unix:///path: files wait for it before anybody opens them.
VIRUS_SCANNER = env.str("VIRUS_SCANNER", "")
VIRUS_SCANNER_SECONDS = env.int("VIRUS_SCANNER_SECONDS", 60)  # that it may take to look at one file

# --- Imports: what is larger is refused with a sentence
IMPORT_MAX_BYTES = env.int("IMPORT_MAX_BYTES", 100 * 2**20)
IMPORT_MAX_CSV_BYTES = env.int("IMPORT_MAX_CSV_BYTES", 400 * 2**20)  # read as it comes, never held as a whole
IMPORT_MAX_ROWS = env.int("IMPORT_MAX_ROWS", 1_000_000)
IMPORT_MAX_SHEET_ROWS = env.int("IMPORT_MAX_SHEET_ROWS", 200_000)  # a spreadsheet is held as a whole
IMPORT_MAX_CELL = env.int("IMPORT_MAX_CELL", 100_000)
IMPORT_ZIP_RATIO = env.int("IMPORT_ZIP_RATIO", 100)
IMPORT_ZIP_FILES = env.int("IMPORT_ZIP_FILES", 20_000)
IMPORT_MAX_PAGES = env.int("IMPORT_MAX_PAGES", 30)
IMPORT_CHUNK = env.int("IMPORT_CHUNK", 2000)
IMPORT_READERS = env.int("IMPORT_READERS", 2)  # processes that read rows ahead of a large import's worker
IMPORT_READ_AHEAD_FROM = env.int("IMPORT_READ_AHEAD_FROM", 20_000)  # rows from which they are worth their start

# --- Places that are watched for files, and requests to addresses that somebody typed in
DROP_ROOT = env.str("DROP_ROOT", "")  # folders below it may be watched, each organisation in its own; empty: none
DROP_SECONDS = env.int("DROP_SECONDS", 300)  # the longest that one look may take to fetch its files
# Private networks that members may name all the same, such as 10.0.5.7/32, a mail server beside Rapport
OUTGOING_ALLOWED_NETWORKS: list[str] = env.list("OUTGOING_ALLOWED_NETWORKS", [])

# --- Moving a whole pool in: what is larger is refused with a sentence
MOVE_IN_MAX_BYTES = env.int("MOVE_IN_MAX_BYTES", 4 * 2**30)  # of the zip, by the page; the command takes any
MOVE_IN_MAX_UNPACKED = env.int("MOVE_IN_MAX_UNPACKED", 200 * 2**30)
# One file is held in memory; the largest that can be there are originals of imports.
MOVE_IN_MAX_FILE = env.int("MOVE_IN_MAX_FILE", max(IMPORT_MAX_BYTES, IMPORT_MAX_CSV_BYTES))

# --- API
API_REQUESTS_PER_MINUTE = env.int("API_REQUESTS_PER_MINUTE", 600)  # for each token

# --- Mail. Single mails to members go by Django; messages to candidates by campaigns/delivery.
SMTP_HOST = env.str("SMTP_HOST", "127.0.0.1")
SMTP_PORT = env.int("SMTP_PORT", 1025)
SMTP_USER = env.str("SMTP_USER", "")
SMTP_PASSWORD = env.str("SMTP_PASSWORD", "")
SMTP_TLS = env.str("SMTP_TLS", "none", validate=lambda word: word in {"none", "starttls", "tls"})
EMAIL_BACKEND = env.str("EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST, EMAIL_PORT = SMTP_HOST, SMTP_PORT
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = SMTP_USER, SMTP_PASSWORD
EMAIL_USE_TLS, EMAIL_USE_SSL = SMTP_TLS == "starttls", SMTP_TLS == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Rapport <rapport@rapport.example>")
MAIL_DELIVERY = env.str("MAIL_DELIVERY", "smtp")  # "smtp", or "anymail" with ANYMAIL's settings
ANYMAIL = env.json("ANYMAIL", {})
MAIL_PER_MINUTE = env.int("MAIL_PER_MINUTE", 60_000)  # of one organisation, where its own route says nothing else
MAIL_PER_DOMAIN_PER_MINUTE = env.int("MAIL_PER_DOMAIN_PER_MINUTE", 0)  # to one recipient domain; 0: no limit
ATS_WEBHOOK_MAX_BYTES = env.int("ATS_WEBHOOK_MAX_BYTES", 5 * 2**20)  # of one message of an ATS
MAIL_JOURNAL_DIR = env.path("MAIL_JOURNAL_DIR", BASE_DIR / "var" / "mail-journal")

# --- E-mail in: members' private addresses lie at this domain, whose mail an inbound webhook or a mail server brings
INBOUND_DOMAIN = env.str("INBOUND_DOMAIN", "").lower()
INBOUND_MAX_BYTES = env.int("INBOUND_MAX_BYTES", 50 * 2**20)
INBOUND_MAX_FILES = env.int("INBOUND_MAX_FILES", 50)  # of one mail; the others stay in the original
INBOUND_REVIEW_DAYS = env.int("INBOUND_REVIEW_DAYS", 30)  # how long mail waits for review before it is forgotten
INBOUND_REVIEW_MOST = env.int("INBOUND_REVIEW_MOST", 1_000)  # waiting at once, of one organisation
INBOUND_ANSWERS_PER_HOUR = env.int("INBOUND_ANSWERS_PER_HOUR", 10)  # to one member

# --- Logs and figures
PROMETHEUS_EXPORT_MIGRATIONS = False
LOG_FORMAT = env.str("LOG_FORMAT", "json", validate=lambda word: word in {"json", "text"})
DJANGO_STRUCTLOG_CELERY_ENABLED = True
_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.format_exc_info,
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer()
            if LOG_FORMAT == "json"
            else structlog.dev.ConsoleRenderer(colors=False),
            "foreign_pre_chain": _shared,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "opensearch": {"level": "ERROR"}},
}
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared,
        structlog.processors.UnicodeDecoder(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
