"""Django's settings; what differs from one installation to the next comes from `environment`."""

from csp.constants import SELF

from juzhi.config import environment

DEBUG = environment.flag("DEBUG")
SECRET_KEY = environment.secret_key()
ALLOWED_HOSTS = environment.text("HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in environment.text("ORIGINS").split(",") if origin]
DATA_FOLDER = environment.data_folder()
DATABASES = {"default": environment.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "juzhi.config.urls"
WSGI_APPLICATION = "juzhi.config.wsgi.application"

INSTALLED_APPS = [
    "juzhi.config",
    "juzhi.demo",
    "juzhi.portal",
    "juzhi.figures",
    "juzhi.members",
    "juzhi.programmes",
    "juzhi.access",
    "juzhi.people",
    "juzhi.network",
    "juzhi.imports",
    "juzhi.journal",
    "juzhi.jobs",
    "juzhi.files",
    "juzhi.search",
    "juzhi.web",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.humanize",  # a template of allauth.mfa asks for it
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "juzhi.web.middleware.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "juzhi.web.middleware.OutageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "juzhi.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "juzhi.access.middleware.Door",
    "juzhi.web.middleware.RefusalMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "juzhi.config.navigation.navigation",
                "juzhi.web.context.face",
            ],
            "builtins": ["juzhi.web.templatetags.components", "juzhi.web.templatetags.words", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "juzhi.base.passwords.LongEnough", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/workbench/"
ACCOUNT_ADAPTER = "juzhi.access.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_FORMS = {
    "login": "juzhi.access.forms.LoginForm",
    "change_password": "juzhi.access.forms.ChangePasswordForm",
    "set_password": "juzhi.access.forms.SetPasswordForm",
    "reauthenticate": "juzhi.access.forms.ReauthenticateForm",
}
MFA_ADAPTER = "juzhi.access.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "juzhi.access.forms.CodeForm",
    "reauthenticate": "juzhi.access.forms.CodeAgainForm",
    "activate_totp": "juzhi.access.forms.FirstCodeForm",
    "authenticate_webauthn": "juzhi.access.forms.KeyForm",
    "reauthenticate_webauthn": "juzhi.access.forms.KeyAgainForm",
    "add_webauthn": "juzhi.access.forms.AddKeyForm",
    "edit_webauthn": "juzhi.access.forms.RenameKeyForm",
}
MFA_TOTP_TOLERANCE = 1  # the code of half a minute ago still counts (RFC 6238, 5.2): people type slowly, telephones go wrong
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = environment.flag("INSECURE", True)

CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}  # shared by all workers: the throttle counts once
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "imports"]}}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
CSRF_COOKIE_HTTPONLY = True
SECURE_TLS = environment.flag("TLS")  # behind HTTPS: secure cookies, HSTS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_TLS
SECURE_HSTS_SECONDS = 31536000 if SECURE_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = environment.flag("TLS_SUBDOMAINS")  # only where the whole domain is ours
SECURE_SSL_REDIRECT = environment.flag("TLS_REDIRECT")  # where no proxy in front does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # bytes of a form without its files: a table pasted too large is refused by its form, which gives it back
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # uploads go to files at once, never to memory

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [environment.ROOT / "juzhi" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
FORMAT_MODULE_PATH = ["juzhi.config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
MEDIA_ROOT = DATA_FOLDER / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "juzhi.web.assets.JoinedStaticFilesStorage" if environment.flag("COLLECTED") else "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not environment.flag("COLLECTED")
vars().update(environment.email())
DEFAULT_FROM_EMAIL = environment.text("MAIL_FROM", "juzhi@example.org")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.text("LOG", "WARNING")},
}
