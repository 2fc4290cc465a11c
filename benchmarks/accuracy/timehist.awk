# Compares accounts with `perf sched timehist` of the same seconds, state by state, and lets the kernel's own counters
# judge where the two differ. Input, three files:
#   1. accounts: began, ended, running, preempted, waking, blocked, gc and unknown, in ns
#   2. books: the thread's CPU clock inside and outside of the marks, in ns; its slices inside and outside
#   3. timehist of that thread
#
# A line of timehist tells of one slice, at its end: the wait before it, how much of that followed the wake-up (sch
# delay), the run time, and the state in which the thread left. So the wait was preemption where the line before left
# in state R, and else sleep up to the wake-up.

function overlap(from, to, state,    i, a, b) {
  # Both lists are in the order of time; an iteration that ended before this slice's wait is not needed again.
  for (i = first; i < iterations && began[i] < to; i++) {
    a = from > began[i] ? from : began[i]
    b = to < ended[i] ? to : ended[i]
    if (b > a) truth[i, state] += b - a
    if (state == "running" && known && from > began[i] && from <= ended[i]) slices[i]++
  }
}

function percent(ours, theirs) { return theirs > 0 ? sprintf("%+.2f %%", 100 * (ours / theirs - 1)) : "-" }

# How far a running time lies outside of what the CPU clock allows.
function beyond(running, i) {
  return running < inside[i] ? inside[i] - running : (running > outside[i] ? running - outside[i] : 0)
}

FNR == 1 { file++ }

file == 1 {
  began[iterations] = $1; ended[iterations] = $2
  account[iterations, "running"] = $3; account[iterations, "preempted"] = $4
  account[iterations, "waking"] = $5; account[iterations, "blocked"] = $6; other += $7
  iterations++
}

file == 2 { inside[read] = $1; outside[read] = $2; fewest[read] = $3; most[read] = $4; read++ }

file == 3 && $1 ~ /^[0-9]+\.[0-9]+$/ {
  out = $1 * 1e9; wait = $(NF-3) * 1e6; delay = $(NF-2) * 1e6; run = $(NF-1) * 1e6
  came = out - run
  while (seen && first < iterations && ended[first] <= last) first++
  if (seen && left ~ /^R/) overlap(last, came, "preempted")
  else if (seen) { overlap(last, came - delay, "blocked"); overlap(came - delay, came, "waking") }
  # Without a wait before it nobody saw it come: the switch is missing in the recording.
  known = wait > 0
  overlap(came, out, "running")
  last = out; left = $NF; seen = 1
}

END {
  if (read != iterations) { print "accounts and books differ in number: " iterations ", " read; exit 1 }
  split("running preempted waking blocked", states, " ")
  for (i = 0; i < iterations; i++) {
    ours = beyond(account[i, "running"], i); theirs = beyond(truth[i, "running"], i)
    whole = slices[i] + 0 >= fewest[i] && slices[i] + 0 <= most[i]
    if (!whole) { holes++; holeOurs += ours; holeTheirs += theirs; continue }
    compared++
    d = 0
    for (s = 1; s <= 4; s++) {
      e = account[i, states[s]] - truth[i, states[s]]; if (e < 0) e = -e; if (e > d) d = e
      ourSum[s] += account[i, states[s]]; theirSum[s] += truth[i, states[s]]
    }
    if (d <= 20000) close_by++
    if (d <= 100000) near++
    if (d > worst) worst = d
  }
  printf "%d iterations; in %d timehist has not as many switches as the kernel counted (schedstat)\n", iterations, holes
  if (holes) printf "running beyond the CPU clock in those: accounts %.1f us, timehist %.1f us an iteration\n", \
    holeOurs / holes / 1e3, holeTheirs / holes / 1e3
  printf "the other %d:\n%-18s %14s %14s %10s\n", compared, "state", "accounts ms", "timehist ms", "difference"
  for (s = 1; s <= 4; s++) printf "%-18s %14.3f %14.3f %10s\n", states[s], ourSum[s] / 1e6, theirSum[s] / 1e6, percent(ourSum[s], theirSum[s])
  printf "%-18s %14.3f %14.3f %10s\n", "preempted+waking", \
    (ourSum[2] + ourSum[3]) / 1e6, (theirSum[2] + theirSum[3]) / 1e6, percent(ourSum[2] + ourSum[3], theirSum[2] + theirSum[3])
  printf "gc and unknown in all: %.3f ms\n", other / 1e6
  printf "every state of an iteration within 20 us: %d, within 100 us: %d, at most %.0f us\n", close_by, near, worst / 1e3
}
