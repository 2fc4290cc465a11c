# shellcheck shell=bash
# What run.sh is written with: one line for each thing that was looked at, "ok", "missing" or "skip" first.

missing=0

skip() { printf 'skip    %s\n' "$1"; }
skip_all() { skip "$1"; exit 0; }
step() { printf '== %s (%ss)\n' "$*" "$SECONDS" >&2; }

ok() { printf 'ok      %s\n' "$1"; }
miss() {
  printf 'missing %s\n' "$1"
  shift
  (($#)) && printf '        %s\n' "$@"
  missing=$((missing + 1))
}

# check WHAT COMMAND...: the command ends with 0.
check() {
  local what=$1 said
  shift
  if said=$("$@" 2>&1); then ok "$what"; else miss "$what" "$*" "$said"; fi
}

# eventually WHAT COMMAND...: the same, before the limit.
eventually() {
  local what=$1 end=$((SECONDS + limit))
  shift
  while ((SECONDS < end)); do
    if "$@" >/dev/null 2>&1; then
      ok "$what"
      return
    fi
    sleep 1
  done
  miss "$what" "$*"
}

# The answer of Prometheus to a query; empty while it does not answer.
ask() { curl --silent --fail --max-time 10 --get --data-urlencode "query=$1" "$prometheus/api/v1/query" || true; }

finds() { [[ $(ask "$1") == *'"value":['* ]]; }

# expect WHAT QUERY: the query, which filters by the value that is wanted, finds something before the limit.
expect() {
  local end=$((SECONDS + limit))
  while ((SECONDS < end)); do
    if finds "$2"; then
      ok "$1"
      return
    fi
    sleep 1
  done
  miss "$1" "$2" "$(ask "$2")"
}

# The query over samples that were scraped after now.
fresh() { printf '(%s) and on() (timestamp(up{job="%s"}) > %s)' "$1" "$2" "$(date +%s)"; }

# inspect SERVICE FORMAT: a fact of the service's container.
inspect() { docker inspect --format "$2" "$(docker compose ps --all --quiet "$1")"; }

restarted() { (($(inspect "$1" '{{.RestartCount}}') > 0)) && [[ $(inspect "$1" '{{.State.Running}}') == true ]]; }

# equals WANTED COMMAND...: the command prints exactly that.
equals() {
  local wanted=$1 got
  shift
  got=$("$@") && [[ $got == "$wanted" ]] || { printf '%s instead of %s\n' "${got:-nothing}" "$wanted"; return 1; }
}

# The capabilities that a process of the service has, as a mask of 64 bits; capabilities(7).
capabilities() { docker compose exec -T "$1" sed -n 's/^CapEff:\t//p' /proc/self/status; }

# up [FILE]: the stack as compose.yaml describes it, changed by the file.
up() {
  export COMPOSE_FILE=$files${1:+:$1}
  if docker compose up --detach --wait --wait-timeout "$limit" "${services[@]}" >&2; then
    ok "the stack comes up healthy"
  else
    miss "the stack comes up healthy"
    exit 1
  fi
}
