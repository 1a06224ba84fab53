"""Settings that voc's bundle needs. Put them into your superset_config.py; SECRET_KEY comes from the environment."""

import os

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]

# The datasets made of voc's queries read the dashboard's filters with Jinja.
FEATURE_FLAGS = {"ENABLE_TEMPLATE_PROCESSING": True}

BABEL_DEFAULT_LOCALE = "ja"
LANGUAGES = {
    "ja": {"flag": "jp", "name": "日本語"},
    "en": {"flag": "us", "name": "English"},
}

# For a try without Docker. In production give Superset a real database and cache.
SQLALCHEMY_DATABASE_URI = os.environ.get("SUPERSET_DATABASE_URI", "sqlite:///superset.db")
