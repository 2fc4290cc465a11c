import { line, type Question } from './dashboard';
import { cacheCell, empty, onTheRight, shareCell } from './looks';
import { bars, colours, fixedPoint, scatter, stat, table, timeseries } from './panels';
import {
  achieved, collector, configuration, increase, max, ofCollector, ofConfiguration, perConfiguration, rate, sum, ofWorkload, workload, workloadRuntime,
} from './promql';
import { target } from './names';

const speed = achieved('workload_floating_point_operations_total');
const intensity = ofConfiguration('workload_arithmetic_intensity');
const bandwidth = `scalar(max(workload_machine_memory_bandwidth_bytes_per_second{${workload}}))`;
const stolen = rate('observatory_cpu_stolen_seconds_total', collector);
const instructions = 'observatory_iteration_instructions_total';
const cycles = 'observatory_iteration_cpu_cycles_total';
const pressure = 'observatory_pressure_stalled_seconds_total';
const log2 = { type: 'log', log: 2 } as const;

/** When it runs all the time and is still slow. */
export const machineAndCache: Question = {
  uid: 'machine',
  asks: 'Is the machine the limit: its caches, its memory, its CPUs, its other tenants?',
  read: `**Roofline**: a point on the line uses the machine fully. On the slope, memory is the limit: only fewer bytes per operation help. Under the flat part, the CPU's units are. Points far below both wait for something else: *Where the time goes*.

**Cache ladder**: speed falls where the working set leaves a cache. If it does not, the computation reads ahead well.

**Is another tenant here?** *Stolen*: the hypervisor ran another machine on this CPU; no program in here can see which. *Pressure*: work of any process stalled for want of CPU, memory or disk. Both up with *Without a CPU* on the overview: the machine is too small for its load.

**Hardware counters** (cycles, instructions, cache misses): most virtual machines have none, then *Instructions per cycle* says so, and so does \`doctor\`. Everything else here does without them. Limits are measured in the first seconds of a sweep with \`--results\` or \`--once\`.`,
  screen: [
    line(3,
      [5, stat({
        title: 'CPU peak', says: 'Floating point operations per second at most: of a matrix product (gemm), and of multiply-adds on registers alone (fma).',
        unit: 'flops', empty: empty.limits, decimals: 0, steps: [['blue']],
      }, [['{{kind}}', max(`workload_machine_peak_flops{${workload}}`, 'kind')]])],
      [3, stat({
        title: 'Bandwidth', says: 'Bytes per second between memory and CPU, as STREAM\'s triad.', unit: 'Bps', empty: empty.limits, decimals: 1, steps: [['blue']],
      }, [['triad', `max(workload_machine_memory_bandwidth_bytes_per_second{${workload}})`]])],
      [5, stat({
        title: 'Caches', says: 'Sizes of the first CPU\'s caches; level 3 is shared.', unit: 'bytes',
        empty: 'The kernel does not say the sizes of the caches, or the workload is not reached', decimals: 0, steps: [['blue']],
      }, [['L{{level}}', max(`workload_machine_cache_size_bytes{${workload}}`, 'level')]])],
      [4, stat({
        title: 'CPUs and threads', says: 'CPUs that the runtime may use, and threads that libtorch computes an operation with.', unit: 'short',
        empty: empty.workload, decimals: 0, steps: [['blue']],
      }, [['CPUs', `max(dotnet_process_cpu_count{${workloadRuntime}})`], ['threads', `max(workload_intra_op_threads{${workload}})`]])],
      [4, stat({
        title: 'Instructions per cycle',
        says: 'Instructions per CPU cycle of the driving thread inside iterations, in user mode, over the time shown. Below 1 it mostly waits for memory; a spinning thread counts as busy.',
        unit: 'short', empty: 'No counters', decimals: 2, steps: [['orange'], ['green', 1]],
      }, [['per cycle', `${sum(increase(instructions, ofCollector))} / ${sum(increase(cycles, ofCollector))}`]])],
      [3, stat({
        title: 'Stolen', says: 'Share of all CPUs\' time that the hypervisor took, over the time shown. Empty where the kernel does not count it.',
        unit: 'percentunit', empty: 'Not counted', decimals: 1, steps: [['green'], ['orange', 0.01], ['red', 0.05]],
      }, [['stolen', `avg(${rate('observatory_cpu_stolen_seconds_total', collector, '$__range')})`]])]),
    line(7,
      [8, scatter({
        title: 'Roofline',
        says: 'Each point is a configuration: floating point operations per second that it achieves, against operations per byte that has to move. The line is what the machine allows there: memory bandwidth times intensity, up to the CPU\'s peak.',
        unit: 'suffix: FLOP/byte', empty: empty.limits, see: 'sweep',
      },
      { name: 'intensity', expr: intensity, look: { unit: 'suffix: FLOP/byte', 'custom.scaleDistribution': log2 } },
      { name: 'achieved', expr: speed, look: { unit: 'flops', ...fixedPoint('blue') } },
      {
        name: 'roof', expr: `clamp_max(${intensity} * ${bandwidth}, scalar(max(workload_machine_peak_flops{${workload}})))`,
        look: { unit: 'flops', 'custom.show': 'lines', 'custom.lineWidth': 2, ...fixedPoint('gray') },
      })],
      [8, scatter({
        title: 'Cache ladder',
        says: 'Floating point operations per second that each configuration achieves, against the bytes that one iteration touches. The text of Caches says where L1, L2 and L3 end.',
        unit: 'bytes', empty: empty.iterations, see: 'sweep',
      },
      { name: 'working set', expr: ofConfiguration('workload_working_set_bytes'), look: { unit: 'bytes', 'custom.scaleDistribution': log2 } },
      { name: 'achieved', expr: speed, look: { unit: 'flops', 'custom.scaleDistribution': { type: 'linear' }, min: 0, ...fixedPoint('blue') } })],
      [8, timeseries({
        title: 'Pressure',
        says: 'Share of time in which work of any process stalled for want of a resource: some of it, or all of it (full). The kernel counts it for the whole machine.',
        unit: 'percentunit', empty: 'The kernel has no pressure stall information (/proc/pressure)', steps: [['green'], ['orange', 0.1], ['red', 0.5]], see: 'time',
      }, [['{{resource}} {{kind}}', sum(rate(pressure, collector), 'resource', 'kind')]], { line: true, legend: 'right', calcs: ['lastNotNull'] })]),
    line(6,
      [24, table({
        title: 'Caches and bandwidth by configuration',
        says: 'The nearest cache that the working set fits into; what is achieved; the bytes per second that have to move for it, by formula, and their share of the measured bandwidth (more than 100 % is served by caches); the share of the roofline.',
        empty: empty.iterations,
      }, configuration, [
        { name: 'working set', expr: ofConfiguration('workload_working_set_bytes'), look: { unit: 'bytes' } },
        { name: 'fits into', expr: ofConfiguration('workload_cache_level'), look: cacheCell },
        { name: 'achieved', expr: speed, look: { unit: 'flops' } },
        { name: 'moves', expr: `${speed} / ${intensity}`, look: { unit: 'Bps' } },
        { name: 'of bandwidth', expr: `${speed} / ${intensity} / ${bandwidth}`, look: shareCell('blue') },
        { name: 'of roofline', expr: ofConfiguration('workload_roofline_share'), look: shareCell('blue') },
      ], {
        sort: 'working set', descending: false,
        widths: { operation: 120, batch: 80, sequence: 90, dim: 80, 'working set': 130, 'fits into': 110, achieved: 150, moves: 150, 'of bandwidth': 200, 'of roofline': 200 },
        links: [['Its latency and memory', 'sweep'], ['Where its time goes', 'time']],
      })]),
  ],
  sections: [
    {
      title: 'CPUs',
      lines: [
        line(8,
          [8, timeseries({
            title: 'Stolen time',
            says: 'Share of the time of the virtual CPUs in which the hypervisor ran something else: of all on average, and of the one that lost most. It shows in the accounts as running that gets nothing done.',
            unit: 'percentunit', empty: 'The kernel does not count stolen time, or the collector is not reached', steps: [['green'], ['red', 0.05]],
          }, [['average', `avg(${stolen})`], ['most', `max(${stolen})`]], { line: true, overrides: colours({ average: 'blue', most: 'red' }) })],
          [4, bars({
            title: 'CPUs that lost most', says: 'Share of its time that the hypervisor took, over the time shown, of the five CPUs that lost most.',
            unit: 'percentunit', empty: 'The kernel does not count stolen time', min: 0,
          }, [['CPU {{cpu}}', `topk(5, ${sum(rate('observatory_cpu_stolen_seconds_total', collector, '$__range'), 'cpu')})`]], { colour: 'red' })],
          [6, timeseries({
            title: 'CPUs that the target uses',
            says: 'Running threads of the target by what they are there for. The use of each CPU by all processes is not measured; what others took from the target is the next panel.',
            unit: 'suffix: CPUs', empty: 'The kernel source is below tier thread, or the target does nothing',
          }, [['{{role}}', sum(rate('observatory_pool_time_seconds_total', `state="running",${collector}`), 'role')]], { stacked: true })],
          [6, timeseries({
            title: 'CPUs that others held', says: 'CPUs that others held while threads of the target waited for them, by command.',
            unit: 'suffix: CPUs', empty: 'No other thread held a CPU that the target wanted, or the kernel source is below tier kernel', see: 'time',
          }, [['{{command}}', sum(rate('observatory_preempted_by_seconds_total', collector), 'command')]], { stacked: true })]),
        line(8,
          [8, timeseries({
            title: 'CPU time of the workload by mode', says: 'CPUs that the process uses, as its runtime reports: user, and system (the kernel on its behalf: page faults, I/O).',
            unit: 'suffix: CPUs', empty: empty.workload,
          }, [['{{cpu_mode}}', sum(rate('dotnet_process_cpu_time_seconds_total', workloadRuntime), 'cpu_mode')]], { stacked: true })],
          [8, timeseries({
            title: 'Context switches of the workload',
            says: 'All threads of the process. Voluntary: a thread gave its CPU up to wait. Involuntary: it was taken from it, as when there are more threads that compute than CPUs.',
            unit: 'cps', empty: 'The procfs source is down',
          }, [['{{process_context_switch_type}}', sum(rate(target.switches, collector), 'process_context_switch_type')]], { overrides: colours({ voluntary: 'blue', involuntary: 'red' }) })],
          [8, timeseries({
            title: 'Page faults of the workload', says: 'All threads of the process. Minor: memory that was there had to be mapped. Major: it came from a disk.',
            unit: 'cps', empty: 'The procfs source is down',
          }, [['{{system_paging_fault_type}}', sum(rate(target.faults, collector), 'system_paging_fault_type')]], { overrides: colours({ minor: 'yellow', major: 'red' }) })]),
      ],
    },
    {
      title: 'Memory and hardware counters',
      lines: [
        line(8,
          [12, timeseries({
            title: 'Bandwidth that the computation needs',
            says: 'Bytes that have to move per second of iteration time, by formula, over the measured bandwidth: near 100 %, memory is the limit.',
            unit: 'percentunit', empty: empty.limits, steps: [['green'], ['orange', 0.8]],
          }, [['of bandwidth', `sum(${perConfiguration(rate('workload_floating_point_operations_total', ofWorkload))} / ${intensity})`
            + ` / ${sum(rate('workload_iteration_duration_seconds_sum', ofWorkload))} / ${bandwidth}`]], { line: true })],
          [12, timeseries({
            title: 'Memory pressure and major faults',
            says: 'Share of time in which something stalled for want of memory, and major faults of the workload per second on the right: both up means that the machine swaps.',
            unit: 'percentunit', empty: 'The kernel has no pressure stall information, and the procfs source is down', steps: [['green'], ['orange', 0.01], ['red', 0.1]],
          }, [
            ['stalled, {{kind}}', sum(rate(pressure, `resource="memory",${collector}`), 'kind')],
            ['major faults', sum(rate(target.faults, `system_paging_fault_type="major",${collector}`))],
          ], { overrides: [onTheRight('major faults', 'cps', 'red')] })]),
        line(8,
          [8, timeseries({
            title: 'Instructions per cycle, over time', says: 'Instructions per CPU cycle of the driving thread inside iterations, in user mode.',
            unit: 'short', empty: empty.counters, steps: [['orange'], ['green', 1]],
          }, [['per cycle', `${sum(rate(instructions, ofCollector))} / ${sum(rate(cycles, ofCollector))}`]])],
          [8, timeseries({
            title: 'Cache misses per thousand instructions',
            says: 'Misses of the last-level cache and of the data TLB by the driving thread inside iterations, in user mode, for each thousand instructions.',
            unit: 'short', empty: empty.counters,
          }, [['{{cache}}', `1000 * ${sum(rate('observatory_iteration_cache_misses_total', ofCollector), 'cache')} / scalar(${sum(rate(instructions, ofCollector))})`]])],
          [8, timeseries({
            title: 'Iterations counted', says: 'Iterations per second whose counters were read; scaled: others shared the counters, so the numbers are estimates.',
            unit: 'cps', empty: empty.counters,
          }, [['scaled: {{scaled}}', sum(rate('observatory_iterations_counted_total', ofCollector), 'scaled')]])]),
      ],
    },
  ],
};
