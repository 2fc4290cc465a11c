import { line, type Question } from './dashboard';
import { empty, soakOutcomes, states, upOrDown } from './looks';
import { colours, stat, timeline, timeseries } from './panels';
import { againstUsual, both, collector, collectorRuntime, increase, max, ofCollector, rate, shareByState, sum } from './promql';
import { target } from './names';

const interval = '1m';
const perHour = (metric: string, selector: string): string => `${sum(`deriv(${metric}{${selector}}[$__range])`)} * 3600`;
const own = 'dotnet_process_memory_working_set_bytes';
const growth = { unit: 'bytes', decimals: 1, steps: [['green'], ['orange', 10485760], ['red', 104857600]] as [string, number?][] };

const soaked = 'No soak test: the collector runs one as `soak`';
const soakGrowth = (criteria: string, scale = ''): [string, string][] =>
  [['{{criterion}}', `${max(`observatory_soak_growth{criterion=~"${criteria}",${collector}}`, 'criterion')}${scale}`]];

/** When it ran over night. */
export const soak: Question = {
  uid: 'soak',
  asks: 'Does it stay as it was over hours: latency, memory, losses, gaps, restarts, and the price of the collector?',
  windows: { values: ['5m', '15m', '1h', '6h'], chosen: '1h' },
  hours: true,
  read: `Set the time to hours or days (top right). **Soak test** is the verdict of \`soak\` as it stands, where the collector runs one: its section says which criterion fails, since when, and by how much an hour.

**Latency drift** compares each iteration with the mean of its own configuration over the time shown, so the mix of configurations does not matter: a line that leaves 100 % for good is drift, a hump is a disturbance. The account below it says which kind of time came or went.

**Memory** of the workload should step up while the largest configurations come for the first time and then stay. A slope is a leak; *native* beside *committed* says on which side.

**Losses and gaps**: everything that is not seen is counted. Above zero, the accounts of that time are incomplete, and the red marks say when. *Reached* shows when Prometheus got no answer. **Restarts** reset counters; blue marks say when.

**Price of the collector**: CPU, memory, and events per second. It shares the machine with what it measures.`,
  screen: [
    line(3,
      [3, stat({
        title: 'Soak test', says: 'The worst of its criteria as it stands. Section *Verdict of the soak test* has each of them.',
        unit: 'none', empty: soaked, steps: [['green'], ['orange', 1], ['red', 2]],
      }, [['verdict', max(`observatory_soak_outcome{${collector}}`)]], { mappings: soakOutcomes })],
      [3, stat({
        title: 'Latency now', says: 'Time of the iterations of the last part (Compare the last) over what the same configurations take on average over the time shown.',
        unit: 'percentunit', empty: 'No iteration', decimals: 0, steps: [['green'], ['orange', 1.1], ['red', 1.3]], see: 'time',
      }, [['of the mean', againstUsual('$window')]])],
      [5, stat({
        title: 'Memory growth per hour',
        says: 'Slope of a line through the resident memory of each process over the time shown, per hour. Choose a time that begins after the first pass over all configurations.',
        ...growth, empty: empty.collector,
      }, [['workload', perHour(target.memory, collector)], ['collector', perHour(own, collectorRuntime)]])],
      [3, stat({
        title: 'Events lost', says: 'Events known to be missing in the time shown, all sources.', unit: 'short', empty: empty.collector, decimals: 0, steps: [['green'], ['red', 1]],
      }, [['lost', sum(increase('observatory_events_lost_total', collector))]])],
      [3, stat({
        title: 'Restarts', says: 'Times a counter of the process began anew in the time shown, by process.', unit: 'short', empty: empty.scraped, decimals: 0, steps: [['green'], ['orange', 1]],
      }, [['{{job}}', `sum by (job) (max by (job, instance) (resets(dotnet_process_cpu_time_seconds_total{${both}}[$__range])))`]])],
      [4, stat({
        title: 'Scrapes unanswered', says: 'Share of scrapes in the time shown that got no answer, by process.', unit: 'percentunit', empty: empty.scraped, decimals: 1,
        steps: [['green'], ['orange', 0.001], ['red', 0.01]],
      }, [['{{job}}', `1 - avg by (job) (avg_over_time(up{${both}}[$__range]))`]])],
      [3, stat({
        title: 'No target', says: 'Time in the time shown in which the collector ran and observed no target.', unit: 's', empty: empty.collector, steps: [['green'], ['orange', 1]],
      }, [['gap', sum(increase('observatory_target_gap_seconds_total', collector))]])]),
    line(7,
      [12, timeseries({
        title: 'Latency drift',
        says: 'Time of iterations over what the same configurations take on average over the time shown: 100 % is as usual. The mix of configurations does not matter.',
        unit: 'percentunit', empty: empty.iterations, steps: [['green'], ['orange', 1.1], ['red', 1.3]], see: 'time',
      }, [['of the mean', againstUsual('$__rate_interval', ' @ end()')]], { interval, gaps: true, line: true, calcs: ['min', 'mean', 'max', 'lastNotNull'] })],
      [12, timeseries({
        title: 'Memory',
        says: 'Resident memory of the target; of it what its garbage collector had committed at the last collection, and the rest (native: libraries, stacks, tensors); and resident memory of the collector.',
        unit: 'bytes', empty: empty.collector,
      }, [
        ['workload', sum(`${target.memory}{${collector}}`)], ['workload, committed by its GC', sum(`observatory_gc_committed_bytes{${collector}}`)],
        ['workload, native', sum(`observatory_memory_native_bytes{${collector}}`)], ['collector', sum(`${own}{${collectorRuntime}}`)],
      ], {
        interval, legend: 'right', calcs: ['max', 'lastNotNull'],
        overrides: colours({ workload: 'blue', 'workload, committed by its GC': 'purple', 'workload, native': 'light-blue', collector: 'yellow' }),
      })]),
    line(6,
      [8, timeseries({
        title: 'Where the wall time goes', says: 'Share of the iterations\' wall time by what the driving thread was doing.',
        unit: 'percentunit', empty: empty.iterations, decimals: 1, min: 0, max: 1, see: 'time',
      }, [['{{state}}', shareByState]], { interval, stacked: true, legend: 'right', calcs: ['mean'], overrides: states() })],
      [8, timeline({
        title: 'Reached', says: 'Whether Prometheus reached the processes, and whether the collector\'s sources delivered. A gap is a time without a scrape.',
        unit: 'none', empty: empty.scraped, steps: [['red'], ['green', 1]],
      }, [
        ['{{job}}', `max by (job) (up{${both}})`], ['source {{source}} ({{tier}})', `max by (source, tier) (observatory_source_up{${collector}})`],
      ], upOrDown, interval)],
      [8, timeseries({
        title: 'Price of the collector', says: 'CPU time of the collector by the part that spends it, as a share of one CPU; other: HTTP, /proc, the table, the runtime.',
        unit: 'percentunit', empty: empty.collector, steps: [['green'], ['orange', 0.05], ['red', 0.2]],
      }, [['{{part}}', sum(rate('observatory_collector_cpu_seconds_total', collector), 'part')]],
      { interval, stacked: true, line: true, legend: 'right', calcs: ['mean'] })]),
  ],
  sections: [
    {
      title: 'Verdict of the soak test',
      lines: [
        line(9,
          [12, timeline({
            title: 'Criteria',
            says: 'What each criterion had come to at each time: it holds, is inconclusive, or fails. Early in a run most are inconclusive. The run goes on when one fails; if one fails at its end, the exit code is 1. What each means: docs/soak.md.',
            unit: 'none', empty: soaked, steps: [['green'], ['orange', 1], ['red', 2]],
          }, [['{{criterion}}', max(`observatory_soak_outcome{${collector}}`, 'criterion')]], soakOutcomes, interval)],
          [12, timeseries({
            title: 'Growth of memory an hour', says: 'Slope of each kind of memory since the warm-up, as the verdict uses it. It fails from 0.5 MB an hour on, if that is certain.',
            unit: 'decbytes', empty: 'No soak test, or it is too short for a growth an hour', steps: [['green'], ['red', 500000]],
          }, soakGrowth('.*_memory', ' * 1000000'), { interval, line: true, legend: 'right', calcs: ['lastNotNull'] })]),
        line(7,
          [9, timeseries({
            title: 'Slow-down an hour', says: 'Slope of the latency of all configurations together, in percent of what each usually takes, and of the configuration that slows most. It fails from 0.5 % an hour on, if that is certain.',
            unit: 'percent', empty: 'No soak test, or it is too short for a growth an hour', steps: [['green'], ['red', 0.5]],
          }, soakGrowth('latency.*'), { interval, line: true, calcs: ['lastNotNull'] })],
          [9, timeseries({
            title: 'Growth of open files and threads an hour', says: 'Slope of each since the warm-up. It fails from 6 an hour on, if that is certain.',
            unit: 'short', empty: 'No soak test, or it is too short for a growth an hour', steps: [['green'], ['red', 6]],
          }, soakGrowth('.*_(handles|threads)'), { interval, line: true, legend: 'right', calcs: ['lastNotNull'] })],
          [6, stat({
            title: 'Time left', says: 'What is left of the time that the soak test is to last.', unit: 's', empty: soaked,
          }, [['left', max(`observatory_soak_remaining_seconds{${collector}}`)]])]),
      ],
    },
    {
      title: 'Losses and gaps',
      lines: [
        line(9,
          [12, timeseries({
            title: 'Lost, late, contradicting',
            says: 'What the collector knows that it did not see, or could not put in its place, per second: lost by source, of them iteration events whose own numbers show the gap; iterations of which one event is missing; events that came too late; events that did not follow from one another. All should be 0.',
            unit: 'eps', empty: empty.collector, steps: [['green'], ['red', 0.001]],
          }, [
            ['lost, {{source}}', sum(rate('observatory_events_lost_total', collector), 'source')],
            ['iteration events missing, {{source}}', sum(rate('observatory_events_missing_total', collector), 'source')],
            ['iteration without {{part}}', sum(rate('observatory_timeline_iterations_missing_total', collector), 'part')],
            ['late, {{source}}', sum(rate('observatory_timeline_events_late_total', collector), 'source')],
            ['contradictions of a {{of}}', sum(rate('observatory_timeline_contradictions_total', collector), 'of')],
          ], { interval, legend: 'right', calcs: ['max', 'lastNotNull'] })],
          [12, timeseries({
            title: 'Incomplete iterations', says: 'Share of iterations whose account has unknown time in it, by the most telling reason.',
            unit: 'percentunit', empty: 'No iteration is incomplete, or none has ended in this time', steps: [['green'], ['red', 0.01]],
          }, [['{{reason}}', `${sum(rate('observatory_iterations_incomplete_total', ofCollector), 'reason')} / scalar(${sum(rate('observatory_iteration_duration_seconds_count', ofCollector))})`]],
          { interval, line: true, legend: 'right', calcs: ['mean', 'max'] })]),
      ],
    },
    {
      title: 'Price and scrapes',
      lines: [
        line(8,
          [12, timeseries({
            title: 'Events read', says: 'Events per second by source and kind: what the price of the collector depends on.', unit: 'eps', empty: empty.collector,
          }, [['{{source}} {{kind}}', sum(rate('observatory_events_total', collector), 'source', 'kind')]], { interval, legend: 'right' })],
          [6, timeseries({
            title: 'CPU of the collector per event', says: 'CPU time of the collector over the events it read: it should not grow with time.',
            unit: 's', empty: 'The collector is not reached, or reads nothing',
          }, [['per event', `${sum(rate('dotnet_process_cpu_time_seconds_total', collectorRuntime))} / ${sum(rate('observatory_events_total', collector))}`]], { interval })],
          [6, timeseries({
            title: 'Pauses of the collector itself',
            says: 'Share of time in which the collector\'s own runtime suspended it. Nothing drains the buffers meanwhile: a long pause fills them.',
            unit: 'percentunit', empty: empty.collector, steps: [['green'], ['red', 0.05]],
          }, [['paused', sum(rate('dotnet_gc_pause_time_seconds_total', collectorRuntime))]], { interval, line: true, calcs: ['mean', 'max'] })]),
        line(8,
          [8, timeseries({
            title: 'Slowdown by the collector',
            says: 'How much longer units of work take with the kernel observed than in short pauses of observation, with its interval (95 %): zero inside the interval means that no effect was told. Below zero is noise. The session of the target\'s runtime stays in the pauses. Needs --observer-effect and the kernel tier.',
            unit: 'percentunit', empty: 'The collector runs without --observer-effect, or there were not enough pairs of pauses yet', decimals: 2, steps: [['green'], ['orange', 0.02], ['red', 0.05]],
          }, [
            ['slowdown', `${max(`observatory_observer_effect_ratio{${collector}}`)} - 1`], ['at least', `${max(`observatory_observer_effect_low{${collector}}`)} - 1`],
            ['at most', `${max(`observatory_observer_effect_high{${collector}}`)} - 1`],
          ], { interval, line: true, calcs: ['lastNotNull'] })],
          [8, timeseries({
            title: 'Duration of a scrape', says: 'How long the answer took. It grows with the number of series, and with a machine that has no CPU left.',
            unit: 's', empty: empty.scraped, steps: [['green'], ['orange', 1], ['red', 4]],
          }, [['{{job}}', `max by (job) (scrape_duration_seconds{${both}})`]], { interval, line: true, calcs: ['mean', 'max'] })],
          [8, timeseries({
            title: 'Series', says: 'Samples in a scrape. Labels are bounded: after the first pass over all configurations the number should stay.',
            unit: 'short', empty: empty.scraped,
          }, [['{{job}}', `max by (job) (scrape_samples_scraped{${both}})`]], { interval, calcs: ['min', 'max', 'lastNotNull'] })]),
      ],
    },
  ],
};
