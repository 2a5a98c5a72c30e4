#!/bin/bash
# Runs once, when the database is made: each program gets a role that may do no more than it has to.
# Tables belong to the owner, who migrates. What the API may write is granted by `core.db upgrade`.
set -euo pipefail

password_of() {
  sed -E 's#^[^:]+://[^:]+:([^@]+)@.*#\1#' "/run/secrets/database_url_$1"
}

psql -v ON_ERROR_STOP=1 --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
  -v bot="$(password_of bot)" -v api="$(password_of api)" <<'SQL'
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE ROLE parley_bot LOGIN PASSWORD :'bot';
CREATE ROLE parley_api LOGIN PASSWORD :'api';
GRANT USAGE ON SCHEMA public TO parley_bot, parley_api;
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO parley_bot;
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO parley_api;
SQL
