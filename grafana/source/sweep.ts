import { line, type Question } from './dashboard';
import { cacheCell, empty, shareCell } from './looks';
import { fixedPoint, heatmap, lines, scatter, table, timeseries } from './panels';
import {
  achieved, configuration, increase, meanOfConfiguration, ofConfiguration, ofWorkload, perConfiguration, perInterval, workload,
} from './promql';

const duration = 'workload_iteration_duration_seconds';
const latency = meanOfConfiguration(duration, ofWorkload);
const tokens = achieved('workload_tokens_total');
const against = (x: string, others: string): string => `Mean latency of an iteration over the time shown, against ${x}: a line for each ${others}, of each operation.`;
const log2 = { type: 'log', log: 2 } as const;

/** When sizes are to be chosen. */
export const sweep: Question = {
  uid: 'sweep',
  asks: 'How do latency, throughput and memory grow with batch, sequence and dim, and where is the sweet spot?',
  read: `Each point is a configuration, over the time shown; each line holds all sizes but one. Axes are logarithmic: a straight line is a power of the size, and equal distances are equal factors.

**Latency**: twice the batch should cost twice the time, twice the sequence too (attention: four times), twice the dim four times (attention: twice): so the work grows. A line that bends up left its cache or its CPUs; one that is flat pays overhead.

**Sweet spot**: throughput over batch rises while overhead is shared, then flattens. The smallest batch that is nearly as fast as the best (green in the table) gives the throughput at the least latency.

**Time**: the heatmap shows every iteration. Two bands are two configurations, or one that is disturbed: then *Where the time goes* names the cause.

**Memory**: on the diagonal the formula holds. Above it is what the formula does not know: libraries, the runtime, memory that the allocator keeps. Means are exact (sum over count); quantiles are interpolated between buckets in steps of about 1, 2, 5.`,
  screen: [
    line(8,
      [12, lines({
        title: 'Throughput against batch: the sweet spot',
        says: 'Tokens per second of iteration time, against the batch size: a line for each sequence × dim, of each operation. Where a line flattens, a larger batch only adds latency.',
        unit: 'short', empty: empty.iterations,
      }, tokens, 'batch_size', 'tokens/s')],
      [12, lines({ title: 'Latency against sequence', says: against('the sequence length', 'batch × dim'), unit: 's', empty: empty.iterations }, latency, 'sequence_length', 'latency')]),
    line(8,
      [24, table({
        title: 'Configurations',
        says: 'A row for each configuration, over the time shown. Of best: its tokens per second over those of the best batch of the same sequence and dim; green from 95 %, and the smallest green batch is the sweet spot. Cache: the nearest one that the working set fits into. Roofline: floating point operations per second over what the machine allows at this arithmetic intensity; it needs measured limits (sweep --results or --once).',
        empty: empty.iterations,
      }, configuration, [
        { name: 'iterations', expr: perConfiguration(increase('workload_iterations_total', ofWorkload)), look: { unit: 'short', decimals: 0 } },
        { name: 'mean', expr: latency, look: { unit: 's' } },
        { name: 'p95', expr: `histogram_quantile(0.95, ${perConfiguration(increase(`${duration}_bucket`, ofWorkload), 'le')})`, look: { unit: 's' } },
        { name: 'tokens/s', expr: tokens, look: { unit: 'short' } },
        {
          name: 'of best',
          expr: `(${tokens}) / on (operation, sequence_length, embedding_dim) group_left () max by (operation, sequence_length, embedding_dim) (${tokens})`,
          look: { unit: 'percentunit', decimals: 0, 'custom.cellOptions': { type: 'color-background', mode: 'basic' }, steps: [['transparent'], ['green', 0.95]] },
        },
        { name: 'speed', expr: achieved('workload_floating_point_operations_total'), look: { unit: 'flops' } },
        { name: 'roofline', expr: ofConfiguration('workload_roofline_share'), look: shareCell('blue') },
        { name: 'working set', expr: ofConfiguration('workload_working_set_bytes'), look: { unit: 'bytes' } },
        { name: 'cache', expr: ofConfiguration('workload_cache_level'), look: cacheCell },
        { name: 'input', expr: ofConfiguration('workload_input_memory_bytes'), look: { unit: 'bytes' } },
        { name: 'predicted', expr: ofConfiguration('workload_predicted_memory_bytes'), look: { unit: 'bytes' } },
        { name: 'peak', expr: ofConfiguration('workload_peak_memory_bytes'), look: { unit: 'bytes' } },
      ], {
        sort: 'mean', widths: {
          operation: 88, batch: 55, sequence: 80, dim: 55, iterations: 80, mean: 80, p95: 80, 'tokens/s': 80, 'of best': 68, speed: 110, roofline: 110,
          'working set': 95, cache: 70, input: 85, predicted: 85, peak: 85,
        },
        links: [['Where its time goes', 'time'], ['Its caches and roofline', 'machine'], ['Only this configuration', 'sweep']],
      })]),
  ],
  sections: [
    {
      title: 'Latency against the other sizes, and over time',
      lines: [
        line(9,
          [12, lines({ title: 'Latency against batch', says: against('the batch size', 'sequence × dim'), unit: 's', empty: empty.iterations }, latency, 'batch_size', 'latency')],
          [12, lines({ title: 'Latency against dim', says: against('the embedding dimension', 'batch × sequence'), unit: 's', empty: empty.iterations }, latency, 'embedding_dim', 'latency')]),
        line(10,
          [24, heatmap({
            title: 'Latency of iterations',
            says: 'Every iteration of the configurations selected: a column is an interval, a cell the number of iterations of that latency. Narrow the variables down to one configuration to see its spread and its outliers.',
            unit: 's', empty: empty.iterations, see: 'time',
          }, perInterval(duration, ofWorkload), 'Oranges')]),
      ],
    },
    {
      title: 'Memory and limits',
      lines: [
        line(10,
          [8, scatter({
            title: 'Memory: measured against predicted',
            says: 'Peak resident memory of the process while the configuration ran, against the most bytes of tensors at once by formula. The distance to the line (predicted itself) is what the formula does not know.',
            unit: 'bytes', empty: 'The workload is not reached, or has not yet finished a visit to a configuration',
          },
          { name: 'predicted', expr: ofConfiguration('workload_predicted_memory_bytes'), look: { unit: 'bytes', 'custom.scaleDistribution': log2 } },
          { name: 'measured', expr: ofConfiguration('workload_peak_memory_bytes'), look: { unit: 'bytes', ...fixedPoint('blue') } },
          { name: 'the same', expr: ofConfiguration('workload_predicted_memory_bytes'), look: { unit: 'bytes', 'custom.show': 'lines', ...fixedPoint('gray') } })],
          [8, scatter({
            title: 'Roofline share against intensity',
            says: 'Floating point operations per second at the median over what the roofline allows, against operations per byte moved. Low at the left: overhead or a slow memory path; low at the right: the computation does not use the CPU\'s units.',
            unit: 'none', empty: empty.limits, see: 'machine',
          },
          { name: 'intensity', expr: ofConfiguration('workload_arithmetic_intensity'), look: { unit: 'suffix: FLOP/byte', 'custom.scaleDistribution': log2 } },
          { name: 'share', expr: ofConfiguration('workload_roofline_share'), look: { unit: 'percentunit', 'custom.scaleDistribution': { type: 'linear' }, min: 0, ...fixedPoint('blue') } })],
          [8, timeseries({
            title: 'Resident memory of the workload',
            says: 'Memory of the process in RAM, as the workload sees it, over time. Steps up that stay are memory that the allocator keeps.',
            unit: 'bytes', empty: empty.workload, see: 'soak',
          }, [['{{instance}}', `max by (instance) (workload_resident_memory_bytes{${workload}})`]])]),
      ],
    },
  ],
};
