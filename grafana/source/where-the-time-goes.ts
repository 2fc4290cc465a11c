import { line, type Question } from './dashboard';
import { causes, empty, onTheRight, stateCell, stateColours, states, whys } from './looks';
import { bars, colours, field, heatmap, stat, table, timeseries, traceAddress } from './panels';
import {
  collector, configuration, increase, max, meanOfConfiguration, ofCollector, perInterval, perIteration, perIterationSecond, rate, shareByCause,
  shareByCauseOverTime, shareByState, shareOfCause, shareOfConfiguration, sum, timeByState, workload,
} from './promql';

const held = 'observatory_preempted_by_seconds_total';
const periods = 'observatory_cgroup_periods_total';
const pool = 'observatory_iteration_pool_time_seconds_total';

/** When Against usual is above 110 %, or the account is not green. */
export const whereTheTimeGoes: Question = {
  uid: 'time',
  asks: 'Why was an iteration slow: what did its threads wait for, and which process is to blame?',
  read: `**1. Which state grew?** The account splits the wall time of the thread that drives the iterations:
- green **running**: on a CPU. Waiting for other threads by spinning counts as running.
- red **preempted**: lost its CPU to another thread and wants it back. Orange **waking**: was woken and waits for a CPU.
- blue **blocked**: gave its CPU up and waits for something. Purple **gc**: inside a suspension by the runtime. Gray **unknown**: events of this time are missing.

**2. What is the cause, and which process?** *Why* ranks the causes. Red or orange: *Who held the CPU* names the commands, the heatmap shows how long each wait was; with a quota, *Throttling by the CPU quota*. Blue: *What blocked time waited for*. Purple: the dashboard *.NET runtime*. Green, and still slow: page faults, migrations, *Parallel efficiency*, then *Machine and cache*.

**3. Which configuration?** The table is sorted by time that was not running; a click narrows every dashboard down to one. **4. What exactly?** A trace of a slow iteration: *Traces*, and the collector's own page.`,
  screen: [
    line(8,
      [7, timeseries({
        title: 'Where the wall time goes',
        says: 'Share of the iterations\' wall time by what the driving thread was doing. The shares add up to 100 %: the states partition the wall time exactly. A state that the tier of the kernel source cannot tell is missing.',
        unit: 'percentunit', empty: empty.iterations, decimals: 1, min: 0, max: 1,
      }, [['{{state}}', shareByState]], { stacked: true, legend: 'right', calcs: ['mean'], overrides: states() })],
      [5, bars({
        title: 'Why',
        says: 'Share of the iterations\' wall time, over the time shown, that went to each cause but the program\'s own work. Each cause with its name and what to do about it: the command why. Needs the kernel tier for most.',
        unit: 'percentunit', empty: 'No iteration has ended in this time, or none was kept from its work', decimals: 1, min: 0,
      }, [['{{cause}}', shareByCause(8)]], { overrides: whys() })],
      [5, bars({
        title: 'Who held the CPU',
        says: 'Time in which threads of the target waited for a CPU, by the command that held it, over the time shown. The target\'s own name means too many threads for the CPUs. Needs the kernel tier. Ignores the configuration variables.',
        unit: 's', empty: 'No other thread held a CPU that the target wanted, or the kernel source is below tier kernel: see Sources on the overview', min: 0,
      }, [['{{command}}', `topk(8, ${sum(increase(held, collector), 'command')})`]], { colour: 'red' })],
      [7, timeseries({
        title: 'What blocked time waited for',
        says: 'Share of wall time in which the driving thread was blocked, by what it waited for: the thread of its own process that woke it ran, was preempted, was waking or slept meanwhile; another process or an interrupt woke it; the rest is unexplained. Adds up to blocked.',
        unit: 'percentunit', empty: 'No iteration has ended in this time, or the kernel source is below tier kernel, which sees no wakers', decimals: 1, min: 0,
      }, [['{{by}}', perIterationSecond('observatory_iteration_blocked_for_seconds_total', ofCollector, 'by')]], { stacked: true, legend: 'right', calcs: ['mean'], overrides: causes() })]),
    line(8,
      [9, heatmap({
        title: 'Run-queue latency',
        says: 'How long threads of the target waited for a CPU once they wanted one: a column is an interval, a cell the number of waits of that length. A band above some milliseconds, the scheduler\'s time slice, is waiting behind other threads that compute. Ignores the configuration variables.',
        unit: 's', empty: 'No thread had to wait, or the kernel source sees no waits (tier none)',
      }, perInterval('observatory_run_queue_latency_seconds', collector), 'Oranges')],
      [15, table({
        title: 'Account by configuration',
        says: 'Mean wall time of an iteration and the share of each state in it, over the time shown. An empty column is a state that the tier of the kernel source cannot tell. The link on the operation narrows this dashboard down to the configuration.',
        empty: empty.iterations,
      }, configuration, [
        { name: 'mean', expr: meanOfConfiguration('observatory_iteration_duration_seconds', ofCollector), look: { unit: 's' } },
        { name: 'not running', expr: `1 - ${shareOfConfiguration('running')}`, look: { unit: 'percentunit', decimals: 1 } },
        ...Object.entries(stateColours).filter(([state]) => state !== 'running')
          .map(([state, colour]) => ({ name: state, expr: shareOfConfiguration(state), look: stateCell(colour) })),
      ], {
        sort: 'not running', widths: { operation: 88, batch: 55, sequence: 78, dim: 55, mean: 76, 'not running': 108, preempted: 86, waking: 68, blocked: 70, gc: 58, unknown: 80 },
        links: [['Only this configuration', 'time'], ['Its latency and memory', 'sweep']],
      })]),
  ],
  sections: [
    {
      title: 'Over time',
      lines: [
        line(9,
          [8, timeseries({
            title: 'Time of an iteration',
            says: 'Mean wall time of an iteration, by state. Where the share above says what kind of time it is, this says whether there is more of it. It depends on the mix of configurations: narrow the variables down before comparing.',
            unit: 's', empty: empty.iterations,
          }, [['{{state}}', timeByState]], { stacked: true, overrides: states() })],
          [8, timeseries({
            title: 'Who held the CPU, over time',
            says: 'CPUs that others held while threads of the target waited for them: 1 is one CPU all the time. Ignores the configuration variables.',
            unit: 'suffix: CPUs', empty: 'No other thread held a CPU that the target wanted, or the kernel source is below tier kernel',
          }, [['{{command}}', sum(rate(held, collector), 'command')]], { stacked: true })],
          [8, timeseries({
            title: 'Throttling by the CPU quota',
            says: 'Time in which the quota of the target\'s control group was used up, added up over CPUs, the share of its periods that were cut short, and the share of the iterations\' wall time in which the driving thread was runnable and the quota was used up. Libtorch starts a thread per CPU that it sees, not per CPU that the quota pays for.',
            unit: 'percentunit', empty: 'The target\'s control group has no CPU quota, or its files cannot be read', steps: [['green'], ['red', 0.01]],
          }, [
            ['time throttled', sum(rate('observatory_cgroup_throttled_seconds_total', collector))],
            ['periods throttled', `${sum(rate(periods, `throttled="true",${collector}`))} / (${sum(rate(periods, collector))} > 0)`],
            ['wall time of iterations throttled', shareOfCause('throttled')],
          ], { line: true })]),
        line(9,
          [12, timeseries({
            title: 'Why, over time', says: 'Share of the iterations\' wall time that went to each cause but the program\'s own work. What is missing to 100 % is work.',
            unit: 'percentunit', empty: 'No iteration has ended in this time, or none was kept from its work', decimals: 1, min: 0,
          }, [['{{cause}}', shareByCauseOverTime]], { stacked: true, legend: 'right', calcs: ['mean'], overrides: whys() })],
          [12, timeseries({
            title: 'Why threads waited, inside iterations or not',
            says: 'Threads of the target that waited, on average, by cause: for processes that mark no iterations the only account of causes. Ignores the configuration variables.',
            unit: 'suffix: threads', empty: 'No thread of the target has waited, or the kernel source is below tier thread', min: 0,
          }, [['{{cause}}', sum(rate('observatory_process_cause_time_seconds_total', collector), 'cause')]], { stacked: true, legend: 'right', calcs: ['mean'], overrides: whys() })]),
        line(9,
          [12, timeseries({
            title: 'Switches and migrations of an iteration',
            says: 'How often the driving thread left its CPU in an iteration (voluntary: to wait; involuntary: it was taken from it) and how often it came back on another one, whose caches are cold.',
            unit: 'short', empty: 'No iteration has ended in this time, or the kernel source counts no switches (tier none)',
          }, [
            ['{{process_context_switch_type}} switches', perIteration('observatory_iteration_switches_total', 'process_context_switch_type')],
            ['migrations', perIteration('observatory_iteration_migrations_total')],
          ], { overrides: colours({ 'voluntary switches': 'blue', 'involuntary switches': 'red', migrations: 'yellow' }) })],
          [12, timeseries({
            title: 'Page faults of an iteration',
            says: 'Faults of the driving thread in an iteration; on the right, the share of wall time that the minor ones take by a model: their number times what one costs here (measured at the collector\'s start). Many minor ones mean that the allocator gives memory back and takes it again. Major ones wait for a disk.',
            unit: 'short', empty: 'No iteration has ended in this time, or the kernel source counts no faults (tier none)',
          }, [
            ['{{system_paging_fault_type}}', perIteration('observatory_iteration_page_faults_total', 'system_paging_fault_type')],
            ['share of wall time, modelled', perIterationSecond('observatory_iteration_modelled_fault_seconds_total')],
          ], { overrides: [...colours<'timeseries'>({ minor: 'yellow', major: 'red' }), onTheRight('share of wall time, modelled', 'percentunit', 'gray')] })]),
      ],
    },
    {
      title: 'All threads of the target',
      lines: [
        line(9,
          [8, timeseries({
            title: 'Threads that ran or wanted to',
            says: 'Threads of the target inside iterations, on average, by state; those that waited for work are left out. Running above the number of CPUs cannot be; preempted and waking beside it mean more threads than CPUs are free.',
            unit: 'suffix: threads', empty: 'No iteration has ended in this time, or the kernel source is below tier thread',
          }, [['{{state}}', perIterationSecond(pool, `state!="blocked",${ofCollector}`, 'state')]], { stacked: true, overrides: states() })],
          [8, timeseries({
            title: 'Running threads by role',
            says: 'CPUs that the target uses, by what its threads are there for: driving the iterations, workers of the compute library, managed, of the runtime itself. Ignores the configuration variables.',
            unit: 'suffix: CPUs', empty: 'The kernel source is below tier thread, or the target does nothing',
          }, [['{{role}}', sum(rate('observatory_pool_time_seconds_total', `state="running",${collector}`), 'role')]], { stacked: true })],
          [8, timeseries({
            title: 'Parallel efficiency',
            says: 'Time that threads ran inside iterations over what the compute library\'s threads could have run. 100 % means that all of them ran all the time, computing or spinning at a barrier; below that, some waited or had nothing to do.',
            unit: 'percentunit', empty: 'No iteration has ended in this time, or the kernel source is below tier thread', min: 0, steps: [['red'], ['orange', 0.5], ['green', 0.8]],
          }, [['efficiency', `${perIterationSecond(pool, `state="running",${ofCollector}`)} / scalar(max(workload_intra_op_threads{${workload}}))`]], { line: true })]),
      ],
    },
    {
      title: 'Traces',
      lines: [
        line(9,
          [24, heatmap({
            title: 'Iterations, and those of which there is a trace',
            says: 'Every iteration as the collector saw it: a column is an interval, a cell the number of iterations of that length. A point on it is an iteration that was captured: its link leads to the trace on the collector\'s page.',
            unit: 's', empty: empty.iterations,
          }, perInterval('observatory_iteration_duration_seconds', ofCollector), 'Oranges', { exemplars: true })]),
        line(7,
          [24, table({
            title: 'The newest traces',
            says: 'The newest traces that the collector keeps, whatever the time shown: when each was captured, of which unit of work, how long that took, and what triggered it. The link leads to the trace on the collector\'s page, where it opens in Perfetto. Orange marks on the time axis are the same traces.',
            empty: 'No trace is kept: nothing has stood out yet, or traces are switched off',
          }, ['unit', 'trigger', 'trace_id'], [
            { name: 'captured', expr: max(`observatory_trace_captured_timestamp_seconds{${collector}} * 1000`, 'unit', 'trigger', 'trace_id'), look: { unit: 'dateTimeAsIso' } },
            { name: 'took', expr: max(`observatory_trace_unit_duration_seconds{${collector}}`, 'unit', 'trigger', 'trace_id'), look: { unit: 's' } },
          ], {
            sort: 'captured', widths: { unit: 220, trigger: 160, trace_id: 300, captured: 180, took: 110 },
            leads: ['trace_id', 'Open the trace', traceAddress('${__value.raw}')],
          })]),
        line(6,
          [9, bars({
            title: 'Traces captured',
            says: 'Traces in the time shown, by what triggered them. Each is a file with every switch, wake-up and collection around a slow iteration; the collector\'s own page lists them, and docs/traces.md says where they are kept.',
            unit: 'short', empty: 'No trace was captured yet', decimals: 0, min: 0,
          }, [['{{trigger}}', sum(increase('observatory_traces_captured_total', collector), 'trigger')]], { colour: 'blue' })],
          [9, bars({
            title: 'Triggers without a trace',
            says: 'Times in the time shown that something stood out and no trace was captured: it came too often, or while another trace was written.',
            unit: 'short', empty: 'Every trigger led to a trace', decimals: 0, min: 0,
          }, [['{{trigger}}', sum(increase('observatory_traces_suppressed_total', collector), 'trigger')]], { colour: 'gray' })],
          [6, stat({
            title: 'Flight recorder', says: 'How far back a trace that is captured now would reach, the memory that this takes, and the traces in the time shown that could not be written.',
            unit: 's', empty: 'The collector is not reached, or records nothing', steps: [['blue']],
          }, [
            ['reaches back', `min(observatory_recorder_age_seconds{${collector}})`],
            ['memory', sum(`observatory_recorder_memory_bytes{${collector}}`)],
            ['failed', sum(increase('observatory_traces_failed_total', collector))],
          ], { vertical: true, overrides: [field('memory', { unit: 'bytes' }), field('failed', { unit: 'short', decimals: 0, steps: [['green'], ['red', 1]] })] })]),
      ],
    },
  ],
};
