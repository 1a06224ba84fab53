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

# Superset's pages load a counting picture from another host, which no setting turns off. With this they load pictures
# and data from Superset only.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,  # True behind TLS
    "session_cookie_secure": False,  # True behind TLS
}
