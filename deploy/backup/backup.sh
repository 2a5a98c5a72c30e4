#!/bin/sh
# Backups of the database, in /backups: parley-YYYYMMDDTHHMMSSZ.dump, its checksum, and how many rows
# each table had in the same snapshot.
#   backup.sh once          make one, and drop the oldest of more than BACKUP_KEEP
#   backup.sh schedule      the same every day at BACKUP_AT (UTC), and at once if there is none
#   backup.sh drill [FILE]  restore it, or the newest, into a database beside, compare its rows, drop that
#   backup.sh restore FILE  into the database itself, which has to be empty
#   backup.sh tombstones    print whom the bots have forgotten, for those to be forgotten again who are in a
#                           dump that is older: of the database, and all that was ever seen. As digests
# The database's address is in /run/secrets/database_url_owner, or DATABASE_URL.
set -eu
umask 077

FOLDER=${BACKUP_FOLDER:-/backups}
KEEP=${BACKUP_KEEP:-14}
AT=${BACKUP_AT:-03:30}
COUNTS="
  SELECT format('SELECT %L, count(*) FROM %I.%I', relname, nspname, relname)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relkind = 'r' AND nspname = 'public' ORDER BY relname \\gexec"

main() {
  case ${1:-} in
    once) once ;;
    schedule) schedule ;;
    drill) drill "${2:-}" ;;
    restore) restore "$FOLDER/$(basename "$2")" "$(url)" ;;
    tombstones) keep_tombstones && cat "$FOLDER/erasures.tsv" ;;
    *) sed -n '2,11p' "$0" >&2 && exit 2 ;;
  esac
}

say() {
  echo "backup: $*"
}

url() {
  if [ -r /run/secrets/database_url_owner ]; then cat /run/secrets/database_url_owner; else echo "$DATABASE_URL"; fi
}

ask() {
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --tuples-only --no-align --dbname "$@"
}

once() {
  name="parley-$(date -u +%Y%m%dT%H%M%SZ).dump"
  export PART="$FOLDER/.$name.part" URL; URL=$(url)
  trap 'rm -f "$PART" "$PART.rows"' EXIT
  # the rows are counted in the snapshot that is dumped, while the bot goes on writing
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname "$URL" --tuples-only --no-align <<SQL
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot() AS snapshot \\gset
\\setenv SNAPSHOT :snapshot
\\! pg_dump --dbname="\$URL" --snapshot="\$SNAPSHOT" --format=custom --compress=6 --no-owner --file="\$PART"
\\o $PART.rows
$COUNTS
SQL
  pg_restore --list "$PART" >/dev/null # a dump that was cut short has no list
  mv "$PART.rows" "$FOLDER/$name.rows"
  mv "$PART" "$FOLDER/$name"
  (cd "$FOLDER" && sha256sum "$name" >"$name.sha256")
  say "$name, $(wc -c <"$FOLDER/$name") bytes"
  keep_tombstones || { say "the tombstones were not kept beside it" >&2; return 1; }
  tell_prometheus
  forget_old
}

# They outlive each dump: the file only grows, a line for each erasure. core.chat reads them.
keep_tombstones() {
  kept="$FOLDER/erasures.tsv" failed=0
  new=$(mktemp "$FOLDER/.erasures.XXXXXX") && part=$(mktemp "$FOLDER/.erasures.XXXXXX") || return 1
  touch "$kept" && read_tombstones >"$new" && LC_ALL=C sort -u "$kept" "$new" >"$part" && mv "$part" "$kept" || failed=1
  rm -f "$new" "$part"
  return $failed
}

read_tombstones() {
  ask "$(url)" --field-separator="$(printf '\t')" <<'SQL'
SELECT to_regclass('erasures') IS NOT NULL AS has_tombstones \gset
\if :has_tombstones
SELECT bot_id, encode(erasure_key, 'hex'), encode(person, 'hex'),
       to_char(erased_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
FROM erasures JOIN bots ON bots.id = bot_id;
\endif
SQL
}

tell_prometheus() {
  part="$FOLDER/.backup.prom.part"
  cat >"$part" <<METRIC
# HELP parley_backup_last_success_timestamp_seconds When the newest backup was finished.
# TYPE parley_backup_last_success_timestamp_seconds gauge
parley_backup_last_success_timestamp_seconds $(date +%s)
METRIC
  chmod 644 "$part" # the collector is somebody else
  mv "$part" "$FOLDER/backup.prom"
}

forget_old() {
  ls -1 "$FOLDER" | grep '^parley-.*\.dump$' | sort -r | tail -n "+$((KEEP + 1))" | while read -r old; do
    rm -f "$FOLDER/$old" "$FOLDER/$old.sha256" "$FOLDER/$old.rows"
    say "dropped $old: $KEEP are kept"
  done
}

schedule() {
  trap 'exit 0' TERM INT
  while :; do
    today=$(date -u +%Y%m%d)
    if [ "$(date -u +%H%M)" -ge "${AT%:*}${AT#*:}" ] || ! ls "$FOLDER" | grep -q '^parley-.*\.dump$'; then
      ls "$FOLDER" | grep -q "^parley-$today.*\.dump$" || once || say "FAILED; the next try is in ten minutes"
    fi
    keep_tombstones || say "tombstones were not kept; the next try is in ten minutes"
    sleep 600 &
    wait $!
  done
}

drill() {
  file=${1:-$(ls "$FOLDER" | grep '^parley-.*\.dump$' | sort | tail -n 1)}
  [ -n "$file" ] || { say "there is no backup yet" >&2; exit 1; }
  scratch=parley_drill
  drop() { ask "$(url)" --command "DROP DATABASE IF EXISTS $scratch WITH (FORCE)"; }
  drop
  trap drop EXIT
  ask "$(url)" --command "CREATE DATABASE $scratch TEMPLATE template0"
  beside=$(url | sed -E "s#/[^/?]+(\?|\$)#/$scratch\1#")
  restore "$FOLDER/$file" "$beside"
  printf "%s\n" "$COUNTS" | ask "$beside" >/tmp/restored.rows
  if ! diff "$FOLDER/$file.rows" /tmp/restored.rows; then
    say "$file: the rows above differ from those that were dumped" >&2
    exit 1
  fi
  say "$file restored beside; $(wc -l </tmp/restored.rows) tables, $(awk -F'|' '{ rows += $2 } END { print rows }' /tmp/restored.rows) rows, all as dumped"
}

restore() {
  folder=$(dirname "$1")
  (cd "$folder" && sha256sum -c "$(basename "$1").sha256" >/dev/null) || { say "$1 is damaged: its checksum differs" >&2; exit 1; }
  pg_restore --dbname="$2" --no-owner --no-privileges --exit-on-error --single-transaction "$1"
  say "$1 restored"
}

main "$@"
