import { line, type Question } from './dashboard';
import { empty, generations, onTheRight } from './looks';
import { bars, colours, field, heatmap, stat, table, timeseries } from './panels';
import { collector, configuration, either, increase, ofCollector, perInterval, quantile, rate, sum, workloadRuntime } from './promql';
import { target } from './names';

const pause = 'observatory_gc_pause_duration_seconds';
const suspend = 'observatory_gc_time_to_suspend_seconds_bucket';
const queue = 'observatory_thread_pool_queue_delay_seconds_bucket';
const allocated = 'dotnet_gc_heap_total_allocated_bytes_total';
const paused = 'dotnet_gc_pause_time_seconds_total';
const threads = sum(either('dotnet_thread_pool_thread_count_total', 'dotnet_thread_pool_thread_count', workloadRuntime));
const queued = sum(either('dotnet_thread_pool_queue_length_total', 'dotnet_thread_pool_queue_length', workloadRuntime));
// Where there are pauses in no bucket but the one without a bound, the quantile would name the largest bound, which is too small.
const buckets = `${pause}_bucket`;
const longest = `(${sum(increase(buckets, `le="+Inf",${collector}`))} - max(${sum(increase(buckets, `le!="+Inf",${collector}`), 'le')}) > 0.001) * 0 + 1e9`
  + ` or ${quantile(1, increase(buckets, collector))}`;
const blue: [string, number?][] = [['blue']];

/** When there is purple in the account. */
export const dotnetRuntime: Question = {
  uid: 'runtime',
  asks: 'What does the .NET runtime of the workload do beside the work, and does the work wait for it?',
  read: `**Is it a problem?** *Time in pauses*. Below 1 % the garbage collector is not why an iteration is slow.

**Long pauses** are of gen2, or of something that is not a collection (*none*). If *time to suspend* is most of a pause, a thread was slow to stop: look for native calls that come back, not at the heap. **Many pauses** mean allocation in the hot path: *Allocation by type* names what, *by configuration* names where.

**Memory**: heap by generation after the last collection. What grows there is managed; what grows beside it (*native*) is not. **Waiting without a collection**: locks (by the thread that held them), the pool's queue, starvation.

Tensors of libtorch are native: a sweep allocates almost nothing here, and many panels stay empty. Each says why. Panels marked *verbose* need \`--runtime-events verbose\` (or \`default,+allocations\`, ...), which has a price, stated in docs/runtime-events.md.`,
  screen: [
    line(3,
      [4, stat({
        title: 'Time in pauses', says: 'Share of time in which all managed threads were suspended, over the time shown.',
        unit: 'percentunit', empty: empty.workload, decimals: 2, steps: [['green'], ['orange', 0.01], ['red', 0.05]],
      }, [['paused', sum(rate(paused, workloadRuntime, '$__range'))]])],
      [4, stat({
        title: 'Longest pause', says: 'Upper bound of the bucket that the longest pause of the time shown fell into. A pause longer than the last bucket\'s bound is beyond all that is told apart.',
        unit: 's', empty: 'No pause in this time', steps: [['green'], ['orange', 0.01], ['red', 0.1]],
      }, [['at most', longest]], { mappings: [{ type: 'range', options: { from: 1e6, to: null, result: { text: 'beyond', color: 'red' } } }] })],
      [6, stat({
        title: 'Collections', says: 'Collections in the time shown, by generation, as the runtime counts them: a collection of gen2 counts for gen2 only.',
        unit: 'short', empty: empty.workload, decimals: 0, steps: blue,
      }, [['{{gc_heap_generation}}', sum(increase('dotnet_gc_collections_total', workloadRuntime), 'gc_heap_generation')]])],
      [4, stat({
        title: 'Allocation', says: 'Managed memory allocated per second, over the time shown. Tensors are native and not in it.',
        unit: 'Bps', empty: empty.workload, decimals: 1, steps: blue,
      }, [['allocated', sum(rate(allocated, workloadRuntime, '$__range'))]])],
      [6, stat({
        title: 'Pool threads and queue', says: 'Threads and queued work items of the thread pool now, as the runtime reports them.',
        unit: 'short', empty: empty.workload, decimals: 0, steps: blue,
      }, [['threads', threads], ['queued', queued]], { overrides: [field('queued', { steps: [['green'], ['orange', 100], ['red', 1000]] })] })]),
    line(7,
      [8, timeseries({
        title: 'Time in pauses by generation',
        says: 'Share of time in which all managed threads were suspended, by the generation that was collected; none: the suspension was for something else.',
        unit: 'percentunit', empty: 'No pause yet: the series begins with the first one', steps: [['green'], ['red', 0.05]],
      }, [['{{generation}}', sum(rate(`${pause}_sum`, collector), 'generation')]], { stacked: true, line: true, legend: 'right', calcs: ['mean'], overrides: generations() })],
      [8, heatmap({
        title: 'Pauses', says: 'Every suspension: a column is an interval, a cell the number of pauses of that length.',
        unit: 's', empty: 'No pause yet: the series begins with the first one',
      }, perInterval(pause, collector), 'Purples')],
      [8, timeseries({
        title: 'Time to suspend', says: 'The first part of a pause, until the last thread stood still. A long one means a thread that was slow to stop, not a large heap.',
        unit: 's', empty: 'No pause in this time', steps: [['green'], ['orange', 0.001], ['red', 0.01]],
      }, [['p99', quantile(0.99, rate(suspend, collector))], ['p50', quantile(0.5, rate(suspend, collector))]],
      { line: true, overrides: colours({ p99: 'dark-purple', p50: 'light-purple' }) })]),
    line(6,
      [12, table({
        title: 'Pauses by configuration and reason',
        says: 'Suspensions in the time shown, by the configuration that ran when they began and by why. Operation none: between iterations; undeclared: the target had not yet said what its index stands for.',
        empty: 'No pause in this time', see: 'time',
      }, [...configuration, 'generation', 'reason'], [
        { name: 'pauses', expr: sum(increase(`${pause}_count`, collector), 'reason', 'generation', ...configuration), look: { unit: 'short', decimals: 0 } },
        { name: 'total', expr: sum(increase(`${pause}_sum`, collector), 'reason', 'generation', ...configuration), look: { unit: 's' } },
      ], { sort: 'total', widths: { operation: 88, batch: 55, sequence: 80, dim: 55, generation: 90, reason: 135, pauses: 70, total: 80 }, labelsAreText: true })],
      [6, timeseries({
        title: 'Heap by generation', says: 'Size of each generation after the last collection, gaps included.',
        unit: 'bytes', empty: 'No collection yet: sizes are those after the last one',
      }, [['{{generation}}', sum(`observatory_gc_heap_size_bytes{${collector}}`, 'generation')]],
      { stacked: true, calcs: ['lastNotNull'], legend: 'right', overrides: generations() })],
      [6, timeseries({
        title: 'Waiting for locks, by holder', says: 'Seconds per second that threads waited for a lock, by the name of the thread that held it when the wait began.',
        unit: 'percentunit', empty: 'No thread has waited for a lock yet',
      }, [['{{owner}}', sum(rate('observatory_contention_duration_seconds_sum', collector), 'owner')]], { stacked: true, legend: 'right', calcs: ['mean'] })]),
  ],
  sections: [
    {
      title: 'Memory',
      lines: [
        line(8,
          [8, timeseries({
            title: 'Managed and native memory',
            says: 'Resident memory of the target, what its garbage collector had committed at the last collection, and the difference: libraries, stacks, tensors.',
            unit: 'bytes', empty: 'The procfs source is down, or no collection yet', see: 'soak',
          }, [
            ['resident', sum(`${target.memory}{${collector}}`)], ['committed by the GC', sum(`observatory_gc_committed_bytes{${collector}}`)],
            ['native', sum(`observatory_memory_native_bytes{${collector}}`)],
          ], { calcs: ['max', 'lastNotNull'], overrides: colours({ resident: 'blue', 'committed by the GC': 'purple', native: 'light-blue' }) })],
          [8, timeseries({
            title: 'Fragmentation by generation', says: 'Share of each generation that is gaps, after the last collection.',
            unit: 'percentunit', empty: 'No collection yet', min: 0, max: 1, steps: [['green'], ['orange', 0.5]],
          }, [['{{generation}}', `${sum(`observatory_gc_heap_fragmentation_bytes{${collector}}`, 'generation')} / (${sum(`observatory_gc_heap_size_bytes{${collector}}`, 'generation')} > 0)`]],
          { calcs: ['max', 'lastNotNull'], overrides: generations() })],
          [8, timeseries({
            title: 'Survived and promoted',
            says: 'Bytes per second that survived a collection, by generation, and bytes that count as older now. What survives gen1 again and again fills gen2.',
            unit: 'Bps', empty: 'No collection yet',
          }, [
            ['survived {{generation}}', sum(rate('observatory_gc_survived_bytes_total', collector), 'generation')],
            ['promoted from {{generation}}', sum(rate('observatory_gc_promoted_bytes_total', collector), 'generation')],
          ])]),
        line(8,
          [8, timeseries({
            title: 'Collections by generation and reason',
            says: 'Collections per second as the collector saw them begin: why, and whether in the background. Induced ones were asked for by code.',
            unit: 'cps', empty: 'No collection yet',
          }, [['{{generation}} {{type}} {{reason}}', sum(rate('observatory_gc_collections_total', collector), 'generation', 'type', 'reason')]])],
          [8, timeseries({
            title: 'Pinned objects and handles', says: 'Pinned objects that the last collection met, and handles to managed objects at that time.',
            unit: 'short', empty: 'No collection yet',
          }, [['pinned', sum(`observatory_gc_pinned_objects{${collector}}`)], ['handles', sum(`observatory_gc_handles{${collector}}`)]])],
          [8, timeseries({
            title: 'Phases of background collections', says: 'p99 of each phase; initial and final mark are inside a pause, the concurrent ones are not.',
            unit: 's', empty: 'No background collection yet',
          }, [['{{phase}}', quantile(0.99, rate('observatory_gc_background_phase_duration_seconds_bucket', collector), 'phase')]])]),
      ],
    },
    {
      title: 'Allocations',
      lines: [
        line(8,
          [6, timeseries({
            title: 'Allocated', says: 'Managed bytes per second: all of them, as the runtime counts them.', unit: 'Bps', empty: empty.workload,
          }, [['allocated', sum(rate(allocated, workloadRuntime))]])],
          [6, bars({
            title: 'Allocation by type (verbose)', says: 'Bytes in the time shown by type, estimated from samples; the relative error of a type is about 1 / sqrt(its samples).',
            unit: 'bytes', empty: empty.verbose, min: 0,
          }, [['{{type}}', `topk(10, ${sum(increase('observatory_allocation_sampled_bytes_total', collector), 'type')})`]], { colour: 'blue' })],
          [6, table({
            title: 'Types (verbose)', says: 'What the bars say in numbers: objects, and the samples that the estimate rests on.', empty: empty.verbose,
          }, ['type'], [
            { name: 'objects', expr: sum(increase('observatory_allocation_sampled_objects_total', collector), 'type'), look: { unit: 'short', decimals: 0 } },
            { name: 'samples', expr: sum(increase('observatory_allocation_samples_total', collector), 'type'), look: { unit: 'short', decimals: 0 } },
          ], { sort: 'objects', widths: { objects: 80, samples: 80 } })],
          [6, timeseries({
            title: 'By heap and configuration (verbose)', says: 'Estimated bytes per second by heap (large objects begin at 85 kB), and by the configuration that ran.',
            unit: 'Bps', empty: empty.verbose,
          }, [
            ['{{heap}} objects', sum(rate('observatory_allocation_heap_bytes_total', collector), 'heap')],
            ['{{operation}} {{batch_size}} {{sequence_length}} {{embedding_dim}}', sum(rate('observatory_iteration_allocation_bytes_total', ofCollector), ...configuration)],
          ])]),
      ],
    },
    {
      title: 'Threads and locks',
      lines: [
        line(8,
          [8, timeseries({
            title: 'Thread pool',
            says: 'Workers as the runtime last reported to the collector, and threads and queued items as the runtime reports them now. A queue that grows while the number of workers creeps up is starvation.',
            unit: 'short', empty: empty.workload,
          }, [['workers', sum(`observatory_thread_pool_workers{${collector}}`)], ['threads', threads], ['queued', queued]])],
          [8, timeseries({
            title: 'Why the pool changed', says: 'Changes of the number of workers per second, by reason. Starvation: items waited and none was taken for a while, so a worker was added.',
            unit: 'cps', empty: 'The pool has not changed its size yet',
          }, [['{{reason}}', sum(rate('observatory_thread_pool_adjustments_total', collector), 'reason')]], { overrides: colours({ starvation: 'red' }) })],
          [8, timeseries({
            title: 'Time in the pool\'s queue (verbose)',
            says: 'How long a work item waited for a worker, and the items per second whose delay is not known because a collection or a loss came between.',
            unit: 's', empty: empty.verbose, steps: [['green'], ['orange', 0.01], ['red', 0.1]],
          }, [
            ['p99', quantile(0.99, rate(queue, collector))], ['p50', quantile(0.5, rate(queue, collector))],
            ['unfollowed', sum(rate('observatory_thread_pool_queue_unfollowed_total', collector))],
          ], { line: true, overrides: [onTheRight('unfollowed', 'cps', 'gray')] })]),
        line(8,
          [8, timeseries({
            title: 'Lock contentions', says: 'Waits for locks per second, as the runtime counts them.', unit: 'cps', empty: empty.workload,
          }, [['contentions', sum(rate('dotnet_monitor_lock_contentions_total', workloadRuntime))]])],
          [8, timeseries({
            title: 'Waits for handles and monitors (verbose)', says: 'Threads that wait for a handle or a monitor, on average: seconds waited per second, by kind.',
            unit: 'suffix: threads', empty: empty.verbose,
          }, [['{{kind}}', sum(rate('observatory_wait_duration_seconds_sum', collector), 'kind')]])],
          [8, timeseries({
            title: 'Threads that came and went', says: 'Threads of the target per second, by kind: managed, native (of libtorch), unknown (there before the observation).',
            unit: 'cps', empty: 'No thread has come or gone while observed, or runtime events are below default',
          }, [
            ['{{kind}} began', sum(rate('observatory_threads_started_total', collector), 'kind')],
            ['{{kind}} ended', sum(rate('observatory_threads_ended_total', collector), 'kind')],
          ])]),
      ],
    },
    {
      title: 'Code, and the recording',
      lines: [
        line(8,
          [6, timeseries({
            title: 'Exceptions', says: 'Exceptions thrown per second by type: as the runtime counts them, and (verbose) as the collector saw them.',
            unit: 'cps', empty: 'No exception was thrown',
          }, [
            ['{{error_type}}', sum(rate('dotnet_exceptions_total', workloadRuntime), 'error_type')],
            ['{{error_type}}, seen by the collector', sum(rate('observatory_exceptions_total', collector), 'error_type')],
          ])],
          [6, timeseries({
            title: 'Compilation', says: 'Methods compiled per second, as the runtime counts them; and hot methods compiled again in the background.', unit: 'cps', empty: empty.workload,
          }, [
            ['methods', sum(rate('dotnet_jit_compiled_methods_total', workloadRuntime))],
            ['hot methods again', sum(rate('observatory_jit_tiering_methods_total', collector))],
          ])],
          [5, timeseries({
            title: 'Time in the compiler',
            says: 'Share of a CPU that compiles: all of it as the runtime counts, the background thread at hot methods, and (verbose) all methods as the collector saw them.',
            unit: 'percentunit', empty: empty.workload,
          }, [
            ['all', sum(rate('dotnet_jit_compilation_time_seconds_total', workloadRuntime))],
            ['hot methods again', sum(rate('observatory_jit_tiering_duration_seconds_sum', collector))],
            ['methods, seen by the collector', sum(rate('observatory_jit_method_duration_seconds_sum', collector))],
          ])],
          [3, stat({
            title: 'Assemblies', says: 'Assemblies loaded in the time shown. Many, long after the start, are code that is generated at run time.',
            unit: 'short', empty: 'None was loaded', decimals: 0, steps: blue,
          }, [['assemblies', sum(increase('observatory_assemblies_loaded_total', collector))]])],
          [4, stat({
            title: 'Raw recording', says: 'Size of the raw recording, and whether everything that was received is in it.',
            unit: 'bytes', empty: 'No recording was asked for: the option --nettrace FILE makes one', steps: blue,
          }, [['written', sum(`observatory_recording_written_bytes_total{${collector}}`)], ['complete', `min(observatory_recording_complete{${collector}})`]], {
            vertical: true,
            overrides: [field('complete', {
              unit: 'none', steps: [['red'], ['green', 1]],
              mappings: [{ type: 'value', options: { 1: { text: 'complete', index: 0 }, 0: { text: 'incomplete', index: 1 } } }],
            })],
          })]),
      ],
    },
  ],
};
