import { line, type Question } from './dashboard';
import { empty, requestStates, states, stateCell, stateColours, whys } from './looks';
import { bars, heatmap, stat, table, timeseries } from './panels';
import { collector, increase, perInterval, quantile, rate, shareByState, sum } from './promql';

const duration = 'observatory_unit_duration_seconds';
const time = 'observatory_unit_time_seconds_total';
const cause = 'observatory_unit_cause_time_seconds_total';
const locks = 'observatory_unit_lock_wait_seconds_total';

/** The names that take the most time; the others would be lines on the axis. */
const most = 8;

/** Share of the wall time of each name that a state has, over the time shown. */
const share = (state: string): string =>
  `${sum(increase(time, `state="${state}",${collector}`), 'unit')} / ${sum(increase(time, collector), 'unit')}`;

/** For programs with a server, whether or not they mark iterations. */
export const requests: Question = {
  uid: 'requests',
  asks: 'Why was a request slow: which endpoint, in which state, and which process or endpoint is to blame?',
  read: `**1. Which endpoint?** *Latency by name* and the table, sorted by the time that all requests of a name took together. A name is method and path without numbers and ids.

**2. In which state?** While a thread works on a request, the request is in the thread's state: green **running**, red **preempted**, orange **waking**, blue **blocked**, purple **gc**. While none does, it is yellow **queued** (in the thread pool's queue; only with \`--units queue\`) or light blue **awaiting** (a timer, another service, other I/O). Gray **unknown** is lost. The states add up to the duration.

**3. Which endpoint is to blame?** *Why* ranks the causes. Blue: *Who blocks whom* names the endpoint whose requests held the lock. Yellow: the thread pool has too few threads that are free; look for an endpoint that is blocked. Red or orange: *Who held the CPU* on *Where the time goes*. Light blue: *What was awaited* tells outgoing calls from timers and the rest.

**May it be believed?** *Without an account* counts requests by reason; docs/units.md says what each means.`,
  screen: [
    line(3,
      [4, stat({
        title: 'Requests', says: 'Requests that ended, per second.', unit: 'reqps', empty: empty.requests, decimals: 1, steps: [['blue']],
      }, [['requests', sum(rate('observatory_units_total', collector))]])],
      [4, stat({
        title: 'Open', says: 'Requests that have begun and not ended.', unit: 'short', empty: empty.requests, decimals: 0, steps: [['blue']],
      }, [['open', `sum(observatory_units_open{${collector}})`]])],
      [5, stat({
        title: 'Latency, p50 and p99', says: 'Of all requests together: half are faster than the first, one in a hundred is slower than the second.',
        unit: 's', empty: empty.requests, steps: [['blue']],
      }, [['p50', quantile(0.5, rate(`${duration}_bucket`, collector))], ['p99', quantile(0.99, rate(`${duration}_bucket`, collector))]])],
      [5, stat({
        title: 'Level', says: 'How much of requests is observed: starts, segments or queue. docs/units.md says what each can tell and what it costs the program.',
        unit: 'none', empty: empty.requests, steps: [['blue']],
      }, [['{{level}}', `max by (level) (observatory_units_level{${collector}} == 1)`]], { show: 'name', plain: true })],
      [6, stat({
        title: 'Incomplete, without an account',
        says: 'Requests in the time shown whose account says that something is missing, and what of requests has none. Zero was measured.',
        unit: 'short', empty: empty.collector, decimals: 0, steps: [['green'], ['orange', 1]],
      }, [
        ['incomplete', `sum(increase(observatory_units_incomplete_total{${collector}}[$__range])) or sum(0 * observatory_units_open{${collector}})`],
        ['without', sum(increase('observatory_unit_problems_total', collector))],
      ])]),
    line(6,
      [9, timeseries({
        title: 'Latency by name',
        says: 'The slowest requests of each name: one in a hundred takes longer. Of the names that take the most time.',
        unit: 's', empty: empty.requests, min: 0,
      }, [['{{unit}}', `topk(${most}, ${quantile(0.99, rate(`${duration}_bucket`, collector), 'unit')})`]])],
      [8, timeseries({
        title: 'Where the wall time goes',
        says: 'Requests that were open, on average, by state: the stack is as high as there were requests at once. A state that was not measured is missing.',
        unit: 'suffix: requests', empty: empty.requests, min: 0, see: 'time',
      }, [['{{state}}', sum(rate(time, collector), 'state')]], { stacked: true, legend: 'right', calcs: ['mean'], overrides: requestStates() })],
      [7, bars({
        title: 'Why',
        says: 'Share of the requests\' wall time, over the time shown, that went to each cause but the program\'s own work.',
        unit: 'percentunit', empty: empty.requests, decimals: 1, min: 0,
      }, [['{{cause}}', `topk(${most}, ${sum(increase(cause, `cause!~"work|workers",${collector}`), 'cause')} / scalar(${sum(increase(cause, collector))}))`]], { overrides: whys() })]),
    line(7,
      [15, table({
        title: 'Account by name',
        says: 'Requests of each name in the time shown: how many, how long they took on average and together, and the share of each state in it. An empty column is a state that was not measured.',
        empty: empty.requests,
      }, ['unit'], [
        { name: 'count', expr: sum(increase(`${duration}_count`, collector), 'unit'), look: { unit: 'short', decimals: 0 } },
        { name: 'mean', expr: `${sum(increase(`${duration}_sum`, collector), 'unit')} / ${sum(increase(`${duration}_count`, collector), 'unit')}`, look: { unit: 's' } },
        { name: 'together', expr: sum(increase(`${duration}_sum`, collector), 'unit'), look: { unit: 's' } },
        ...Object.entries({ ...stateColours, queued: 'yellow', awaiting: 'light-blue' }).map(([state, colour]) => ({ name: state, expr: share(state), look: stateCell(colour) })),
      ], {
        sort: 'together',
        widths: { unit: 150, count: 66, mean: 76, together: 84, running: 70, preempted: 84, waking: 64, blocked: 68, gc: 50, unknown: 76, queued: 68, awaiting: 76 },
      })],
      [9, bars({
        title: 'Who blocks whom',
        says: 'Time in the time shown that requests waited for a managed lock: the endpoint that waited, and the endpoint whose request held the lock. none is a thread that worked on no request.',
        unit: 's', empty: 'No request waited for a managed lock', min: 0,
      }, [['{{unit}} waits for {{holder}}', `topk(${most}, ${sum(increase(locks, collector), 'unit', 'holder')})`]], { colour: 'blue' })]),
  ],
  sections: [
    {
      title: 'Over time',
      lines: [
        line(9,
          [12, heatmap({
            title: 'Requests by latency', says: 'Every request: a column is an interval, a cell the number of requests of that length.', unit: 's', empty: empty.requests,
          }, perInterval(duration, collector), 'Oranges')],
          [12, timeseries({
            title: 'Thread pool: queued by name', says: 'Requests of each name, on average, that were ready and for which the thread pool had no thread. Needs --units queue.',
            unit: 'suffix: requests', empty: 'No request waited in the thread pool\'s queue, or --units is not queue', min: 0,
          }, [['{{unit}}', `topk(${most}, ${sum(rate(time, `state="queued",${collector}`), 'unit')})`]], { stacked: true })]),
        line(9,
          [12, timeseries({
            title: 'CPU time by name', says: 'CPUs that requests of each name use: all threads that work on them, those that do so at once included.',
            unit: 'suffix: CPUs', empty: empty.requests, min: 0,
          }, [['{{unit}}', `topk(${most}, ${sum(rate('observatory_unit_cpu_seconds_total', collector), 'unit')})`]], { stacked: true })],
          [12, timeseries({
            title: 'Hops of a request', says: 'How often a thread began to work on a request of each name, on average. Each hop is an await that was not done yet, or a thread that helped.',
            unit: 'short', empty: empty.requests, min: 0,
          }, [['{{unit}}', `topk(${most}, ${sum(rate('observatory_unit_segments_total', collector), 'unit')} / ${sum(rate('observatory_units_total', collector), 'unit')})`]])]),
        line(9,
          [8, timeseries({
            title: 'What blocked time waited for', says: 'Requests that were blocked, on average, by what they waited for. Adds up to blocked.',
            unit: 'suffix: requests', empty: 'No request has ended in this time, or the kernel source is below tier kernel, which sees no wakers', min: 0,
          }, [['{{by}}', sum(rate('observatory_unit_blocked_for_seconds_total', collector), 'by')]], { stacked: true })],
          [8, timeseries({
            title: 'What was awaited', says: 'Requests that awaited something while no thread worked on them, on average, by the operation that was under way: outgoing http calls, dns, connect and tls inside or outside of them, other for timers and everything else. Adds up to awaiting.',
            unit: 'suffix: requests', empty: empty.requests, min: 0,
          }, [['{{by}}', sum(rate('observatory_unit_awaited_for_seconds_total', collector), 'by')]], { stacked: true })],
          [8, timeseries({
            title: 'Without an account', says: 'What of requests has no account, per second, by reason: docs/units.md.',
            unit: 'reqps', empty: empty.collector, min: 0,
          }, [['{{reason}}', sum(rate('observatory_unit_problems_total', collector), 'reason')]])]),
        line(9,
          [8, timeseries({
            title: 'Exceptions by name', says: 'Exceptions per second that were thrown while a thread worked on a request of each name. Needs --runtime-events default,+exceptions.',
            unit: 'suffix: /s', empty: 'No request threw an exception, or exceptions are not observed', min: 0,
          }, [['{{unit}}', `topk(${most}, ${sum(rate('observatory_unit_exceptions_total', collector), 'unit')})`]])],
          [8, timeseries({
            title: 'Allocated by name', says: 'Bytes per second that threads allocated while they worked on requests of each name, estimated from samples. Needs --runtime-events default,+allocations.',
            unit: 'Bps', empty: 'No allocation of a request was sampled, or allocations are not observed', min: 0,
          }, [['{{unit}}', `topk(${most}, ${sum(rate('observatory_unit_allocated_bytes_total', collector), 'unit')})`]])],
          [8, timeseries({
            title: 'Collections by name', says: 'Garbage collections per second that a thread triggered while it worked on a request of each name. Another request may have filled the heap.',
            unit: 'suffix: /s', empty: 'No request triggered a collection in this time', min: 0,
          }, [['{{unit}}, {{generation}}', `topk(${most}, ${sum(rate('observatory_unit_collections_total', collector), 'unit', 'generation')})`]])]),
        line(9,
          [12, timeseries({
            title: 'Iterations beside requests',
            says: 'Of a program that marks iterations as well: share of their wall time by state. The configuration variables narrow this panel down, and no other here.',
            unit: 'percentunit', empty: empty.iterations, decimals: 1, min: 0, max: 1,
          }, [['{{state}}', shareByState]], { stacked: true, overrides: states() })]),
      ],
    },
  ],
};
