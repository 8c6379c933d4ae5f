"""What a WSGI server serves: `granian --interface wsgi bestvalue.site.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bestvalue.site.settings")
application = get_wsgi_application()
