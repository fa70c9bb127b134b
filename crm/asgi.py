import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
application = get_asgi_application()

from crm.checks import refuse_powerful_role  # noqa: E402  (needs Django's apps)

refuse_powerful_role()
