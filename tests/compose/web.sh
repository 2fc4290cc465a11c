# shellcheck shell=bash
# A web API under load beside its own collector: requests have accounts by endpoint, and slow ones leave traces.

step "web"
if docker ps --quiet --filter publish=8080 --filter publish=9466 | grep -q .; then
  skip "profile web: a container has port 8080 or 9466 already"
else
  web=(web web-load web-collector)
  check "the image of the web API is built" docker compose --profile web build --quiet web
  check "the web API, its load and its collector come up healthy" \
    docker compose --profile web up --detach --wait --wait-timeout "$limit" "${web[@]}"
  # of METRIC LABEL: the metric of the requests' collector is above zero with that label.
  of() { curl --silent --fail --max-time 10 http://127.0.0.1:9466/metrics | grep "^$1{" | grep -F "$2" | grep --quiet '} [0-9.]*[1-9]'; }
  eventually "requests have complete accounts by endpoint" of observatory_units_total 'complete="true",unit="GET /orders/{}"'
  eventually "a trace is captured and kept" of observatory_traces_captured_total trigger=
  check "and none fails" equals 0 sh -c "curl --silent http://127.0.0.1:9466/metrics | awk '/^observatory_traces_failed_total/ {print \$2}'"
  docker compose --profile web rm --stop --force "${web[@]}" >/dev/null 2>&1
fi
