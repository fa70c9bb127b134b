"""A migrated database and a Django that is set up; import it before anything of ours. Each benchmark is run as a file."""

import os
import subprocess
import sys
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
owner = {**os.environ, "DATABASE_URL": os.environ["OWNER_DATABASE_URL"]}
subprocess.run([sys.executable, ROOT / "manage.py", "migrate", "--verbosity=0"], env=owner, check=True)
django.setup()
