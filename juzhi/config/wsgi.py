"""The WSGI application that granian serves. Behind a proxy (JUZHI_PROXY) the visitor's address is the one the proxy tells."""

import os

from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

from juzhi.config import environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "juzhi.config.settings")
application = get_wsgi_application()
if environment.flag("PROXY"):
    application = wrap_wsgi_with_proxy_headers(application, environment.text("PROXY_ADDRESSES", "127.0.0.1"))
