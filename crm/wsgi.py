import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
application = get_wsgi_application()

from crm.checks import refuse_powerful_role  # noqa: E402  (needs Django's apps)

refuse_powerful_role()
