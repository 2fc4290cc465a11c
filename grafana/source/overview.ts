import { line, type Question } from './dashboard';
import { empty, states, upOrDown, upSteps, whys } from './looks';
import { bars, field, heatmap, stat, table, timeseries } from './panels';
import {
  againstUsual, againstUsualByConfiguration, achieved, both, changeByState, collector, configuration, increase, meanOfConfiguration, ofCollector,
  ofWorkload, perConfiguration, perInterval, quantile, rate, shareByCause, shareByState, shareOf, sum, workload, workloadRuntime,
} from './promql';

const incomplete = 'observatory_iterations_incomplete_total';
const iteration = 'observatory_iteration_duration_seconds';
const duration = 'workload_iteration_duration_seconds';
const share: { unit: string; decimals: number; steps: [string, number?][] } = {
  unit: 'percentunit', decimals: 1, steps: [['green'], ['orange', 0.02], ['red', 0.1]],
};
const periods = 'observatory_cgroup_periods_total';
const latency = 'observatory_run_queue_latency_seconds_bucket';

/** Always first. */
export const overview: Question = {
  uid: 'overview',
  asks: 'Is it healthy, what is running now, where does the time of its iterations go, and what changed?',
  windows: { values: ['1m', '5m', '15m', '1h'], chosen: '5m' },
  read: `**May it be believed?** Both targets and all sources are up, nothing is lost, no iteration is incomplete. If the kernel source is below tier *kernel*, some states are missing.

**How is it now?** *Against usual* compares the last minutes with the same configurations over the time shown: 100 % is as usual. *Without a CPU*, *Throttled* and *In GC* are shares of wall time that the work did not get; *Stolen* went to other machines of the same hypervisor.

**Where does it go?** The account splits the wall time of the thread that drives the iterations: green **running**, red **preempted**, orange **waking**, blue **blocked**, purple **gc**, gray **unknown**; the colours are the same everywhere. *Why* names the causes, *Who held the CPU* the processes; *The change by state*, below, says which kind of time was added.

**Next**: *Observatory* at the top right. *Where the time goes* names causes, *Sweep* compares configurations, *Soak* shows hours. Purple marks are bursts of garbage collection, blue ones starts, red ones losses.`,
  screen: [
    line(3,
      [7, stat({
        title: 'Running now', says: 'The configuration that the workload is working on at the moment of the last scrape. Ignores the configuration variables.',
        unit: 'none', empty: 'No sweep is running, or Prometheus does not reach the workload', steps: [['blue']], see: 'sweep',
      }, [['{{operation}}  {{batch_size}} × {{sequence_length}} × {{embedding_dim}}  {{dtype}}', `workload_configuration_info{${workload}}`]], { show: 'name', plain: true })],
      [4, stat({
        title: 'Targets', says: 'Whether Prometheus reaches the two processes.', unit: 'none', empty: empty.scraped, steps: upSteps,
      }, [['{{job}}', `up{${both}}`]], { mappings: upOrDown })],
      [9, stat({
        title: 'Sources and their tiers',
        says: 'Where the collector\'s events come from, and how much each source may see; and whether accounts are made of what they read. Kernel is the full account. The command doctor says what a tier lacks and what to do about it.',
        unit: 'none', empty: empty.collector, steps: upSteps,
      }, [['{{source}}: {{tier}}', `observatory_source_up{${collector}}`], ['accounts', `min(observatory_timeline_up{${collector}})`]], { mappings: upOrDown })],
      [4, stat({
        title: 'Events lost', says: 'Events known to be missing, in the time shown, all sources. Zero was measured: each source counts what it lost. Soak shows which.',
        unit: 'short', empty: 'The collector is not reached, or was scraped only once', decimals: 0, steps: [['green'], ['red', 1]], see: 'soak',
      }, [['lost', sum(increase('observatory_events_lost_total', collector))]])]),
    line(3,
      [4, stat({
        title: 'Against usual',
        says: 'Time of the iterations of the last minutes over what the same iterations take on average over the time shown: 100 % is as usual, 120 % is 20 % slower. The mix of configurations does not matter. Empty while no iteration has ended in the last minutes.',
        unit: 'percentunit', empty: 'No iteration', decimals: 0, steps: [['green'], ['orange', 1.1], ['red', 1.3]], see: 'time',
      }, [['of usual', againstUsual('$window')]])],
      [4, stat({
        title: 'Without a CPU',
        says: 'Share of wall time of the last minutes in which the driving thread wanted a CPU and had none: preempted or waking. Empty while no iteration has ended in them, or where the tier of the kernel source is none.',
        ...share, empty: 'Not told', see: 'time',
      }, [['without', shareOf('preempted|waking')]])],
      [4, stat({
        title: 'Throttled',
        says: 'Share of the periods of the target\'s CPU quota, in the last minutes, in which the quota was used up, so that none of its threads might run for the rest of the period. Empty without a quota, or where its files cannot be read.',
        ...share, empty: 'No quota', see: 'time',
      }, [['throttled', `${sum(increase(periods, `throttled="true",${collector}`, '$window'))} / (${sum(increase(periods, collector, '$window'))} > 0)`]])],
      [4, stat({
        title: 'In GC', says: 'Share of wall time of the last minutes inside suspensions by the runtime. Empty while no iteration has ended in them, or with --runtime-events off.',
        ...share, empty: 'Not told', see: 'runtime',
      }, [['gc', shareOf('gc')]])],
      [4, stat({
        title: 'Stolen', says: 'Share of all CPUs\' time of the last minutes that the hypervisor gave to others. Empty where the kernel does not count it.',
        ...share, empty: 'Not counted', see: 'machine',
      }, [['stolen', `avg(${rate('observatory_cpu_stolen_seconds_total', collector, '$window')})`]])],
      [4, stat({
        title: 'Incomplete iterations', says: 'Share of the iterations in the time shown whose account has unknown time in it. They are kept out of what needs complete ones.',
        unit: 'percentunit', empty: 'No iteration', decimals: 2, steps: [['green'], ['orange', 0.0001], ['red', 0.01]], see: 'soak',
      }, [['incomplete', `(${sum(increase(incomplete, `reason!="paused",${ofCollector}`))} or vector(0)) / ${sum(increase(`${iteration}_count`, ofCollector))}`]])]),
    line(10,
      [7, timeseries({
        title: 'Where the wall time goes',
        says: 'Share of the iterations\' wall time by what the driving thread was doing. The shares add up to 100 %: the states partition the wall time exactly.',
        unit: 'percentunit', empty: empty.iterations, decimals: 1, min: 0, max: 1, see: 'time',
      }, [['{{state}}', shareByState]], { stacked: true, legend: 'right', calcs: ['mean'], overrides: states() })],
      [5, bars({
        title: 'Why',
        says: 'Share of the iterations\' wall time of the last minutes that went to each cause but the program\'s own work: a neighbour on its CPU, its own threads, a quota that was used up (throttled), a lock and so on. The command why says it in sentences, with names. Needs the kernel tier for most.',
        unit: 'percentunit', empty: 'No iteration has ended in the last minutes, or none was kept from its work', decimals: 1, min: 0, see: 'time',
      }, [['{{cause}}', shareByCause(7, '$window')]], { overrides: whys() })],
      [4, bars({
        title: 'Who held the CPU',
        says: 'Time in the last minutes in which threads of the target waited for a CPU, by the command that held it. The target\'s own name means too many threads for the CPUs. Needs the kernel tier. Ignores the configuration variables.',
        unit: 's', empty: 'No other thread held a CPU that the target wanted, or the kernel source is below tier kernel', min: 0, see: 'time',
      }, [['{{command}}', `topk(6, ${sum(increase('observatory_preempted_by_seconds_total', collector, '$window'), 'command')})`]], { colour: 'red' })],
      [8, table({
        title: 'What changed',
        says: 'Mean latency of an iteration in the last minutes, and over its mean of the time shown: 100 % is as usual. Only configurations that ran in the last minutes. The link on the operation leads to where its time goes.',
        empty: empty.recent, see: 'time',
      }, configuration, [
        { name: 'now', expr: meanOfConfiguration(iteration, ofCollector, '$window'), look: { unit: 's' } },
        {
          name: 'of usual', expr: againstUsualByConfiguration,
          look: { unit: 'percentunit', decimals: 0, 'custom.cellOptions': { type: 'color-background', mode: 'basic' }, steps: [['transparent'], ['orange', 1.1], ['red', 1.3]] },
        },
      ], { sort: 'of usual', widths: { operation: 88, batch: 55, sequence: 80, dim: 55, now: 78, 'of usual': 78 }, links: [['Where its time goes', 'time']] })]),
  ],
  sections: [{
    title: 'Change, latency and throughput',
    lines: [
      line(11,
        [12, table({
          title: 'Latency by configuration',
          says: 'Latency of an iteration as the workload measured it, over the time shown, with what it achieved inside the iterations. Quantiles are interpolated between buckets in steps of about 1, 2, 5.',
          empty: empty.iterations, see: 'sweep',
        }, configuration, [
          { name: 'p50', expr: `histogram_quantile(0.5, ${perConfiguration(increase(`${duration}_bucket`, ofWorkload), 'le')})`, look: { unit: 's' } },
          { name: 'p95', expr: `histogram_quantile(0.95, ${perConfiguration(increase(`${duration}_bucket`, ofWorkload), 'le')})`, look: { unit: 's' } },
          { name: 'iterations', expr: perConfiguration(increase('workload_iterations_total', ofWorkload)), look: { unit: 'short', decimals: 0 } },
          { name: 'speed', expr: achieved('workload_floating_point_operations_total'), look: { unit: 'flops' } },
        ], { sort: 'p95', widths: { operation: 88, batch: 55, sequence: 80, dim: 55, p50: 85, p95: 85, iterations: 85, speed: 110 }, links: [['Where its time goes', 'time'], ['Its latency and memory', 'sweep']] })],
        [4, bars({
          title: 'The change by state',
          says: 'Time of an iteration in the last minutes less its mean over the time shown, by state, at the same mix of configurations. A bar is time that was added; a negative number is time that was saved.',
          unit: 's', empty: empty.recent, min: 0, see: 'time',
        }, [['{{state}}', changeByState]], { overrides: states() })],
        [8, heatmap({
          title: 'Latency of iterations', says: 'Every iteration of the configurations selected: a column is an interval, a cell the number of iterations of that latency.',
          unit: 's', empty: empty.iterations, see: 'sweep',
        }, perInterval(duration, ofWorkload), 'Oranges')]),
      line(8,
        [6, timeseries({
          title: 'Operations per second',
          says: 'Floating point operations by formula, divided by the time inside iterations: what the machine achieves while it computes, preparation and warm-up left out.',
          unit: 'flops', empty: empty.iterations, see: 'machine',
        }, [['achieved', `${sum(rate('workload_floating_point_operations_total', ofWorkload))} / ${sum(rate(`${duration}_sum`, ofWorkload))}`]])],
        [6, timeseries({
          title: 'Tokens per second',
          says: 'Tokens (batch size times sequence length), divided by the time inside iterations. It depends on the mix of configurations: narrow the variables down before comparing.',
          unit: 'short', empty: empty.iterations, see: 'sweep',
        }, [['tokens', `${sum(rate('workload_tokens_total', ofWorkload))} / ${sum(rate(`${duration}_sum`, ofWorkload))}`]])],
        [6, timeseries({
          title: 'Run-queue latency',
          says: 'How long threads of the target waited for a CPU once they wanted one. A time slice of the scheduler is a few milliseconds: above the line, threads wait for several others. Ignores the configuration variables.',
          unit: 's', empty: 'No thread had to wait, or the kernel source sees no waits (tier none)', steps: [['green'], ['red', 0.01]], see: 'time',
        }, [['p99', quantile(0.99, rate(latency, collector))], ['p50', quantile(0.5, rate(latency, collector))]], { line: true })],
        [6, timeseries({
          title: 'Suspension by the runtime',
          says: 'Share of time in which the runtime kept the workload\'s threads suspended: as the collector saw it from outside, and as the runtime reports its own pauses. The two should agree. The first appears with the first suspension. Ignores the configuration variables.',
          unit: 'percentunit', empty: 'Prometheus does not reach the workload', steps: [['green'], ['red', 0.05]], see: 'runtime',
        }, [
          ['seen by the collector', sum(rate('observatory_gc_suspension_duration_seconds_sum', collector))],
          ['reported by the runtime', sum(rate('dotnet_gc_pause_time_seconds_total', workloadRuntime))],
        ], { line: true, overrides: [field<'timeseries'>('seen by the collector', { color: { mode: 'fixed', fixedColor: 'purple' } })] })]),
    ],
  }],
};
