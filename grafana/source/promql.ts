// The questions that dashboards ask, put together from few parts, so that what is selected is the same everywhere.

/** What tells configurations apart. */
export const configuration = ['operation', 'batch_size', 'sequence_length', 'embedding_dim'] as const;

const conf = configuration.join(', ');
const narrowed = 'operation=~"$operation",batch_size=~"$batch",sequence_length=~"$seq",embedding_dim=~"$dim"';

/** Of the workload's page, the configurations chosen; of the collector's page. The host is there where many machines are. */
export const ofWorkload = `${narrowed},host_name=~"$host_name",instance=~"$workload"`;
export const ofCollector = `${narrowed},host_name=~"$host_name",instance=~"$collector"`;

/** The same of metrics that know no configuration. */
export const workload = 'host_name=~"$host_name",instance=~"$workload"';
export const collector = 'host_name=~"$host_name",instance=~"$collector"';

/** Of the runtime's own meter, which both processes export. */
export const workloadRuntime = `job=~".*workload",${workload}`;
export const collectorRuntime = `job=~".*collector",${collector}`;
export const both = 'job=~".*(workload|collector)",host_name=~"$host_name",instance=~"$workload|$collector"';

/** Names that both releases of the runtime's exporter have for one thing. */
export const either = (first: string, second: string, selector: string): string =>
  `${first}{${selector}} or ${second}{${selector}}`;

/** Per second, over a window that fits the interval of scraping, or another. */
export const rate = (metric: string, selector: string, window = '$__rate_interval'): string => `rate(${metric}{${selector}}[${window}])`;

/** In the time shown, or in another window; at each point in time, or at one. */
export const increase = (metric: string, selector: string, window = '$__range', at = ''): string =>
  `increase(${metric}{${selector}}[${window}]${at})`;

export const sum = (inner: string, ...by: string[]): string =>
  by.length === 0 ? `sum(${inner})` : `sum by (${by.join(', ')}) (${inner})`;

export const max = (inner: string, ...by: string[]): string =>
  by.length === 0 ? `max(${inner})` : `max by (${by.join(', ')}) (${inner})`;

/** Added up, or the largest, of each configuration. */
export const perConfiguration = (inner: string, ...more: string[]): string => `sum by (${[...more, conf].join(', ')}) (${inner})`;
export const ofConfiguration = (metric: string, selector = ofWorkload): string => max(`${metric}{${selector}}`, conf);

export const quantile = (q: number, inner: string, ...by: string[]): string =>
  `histogram_quantile(${q}, ${sum(inner, 'le', ...by)})`;

/**
 * The columns of a heatmap: what was counted in each interval. A rate over the window that fits scraping, times the
 * interval, counts each event once, however much windows overlap.
 */
export const perInterval = (metric: string, selector: string): string =>
  `${sum(rate(`${metric}_bucket`, selector), 'le')} * $__interval_ms / 1000`;

/** Seconds of iterations over their number, by configuration: exact, not interpolated in buckets. */
export const meanOfConfiguration = (metric: string, selector: string, window = '$__range'): string =>
  `${perConfiguration(increase(`${metric}_sum`, selector, window))} / ${perConfiguration(increase(`${metric}_count`, selector, window))}`;

const iteration = 'observatory_iteration_duration_seconds';
const state = 'observatory_iteration_time_seconds_total';

/** Share of the wall time of iterations that each state has; the shares add up to 1. */
export const shareByState = `${sum(rate(state, ofCollector), 'state')} / scalar(${sum(rate(state, ofCollector))})`;

/** Seconds of an iteration by state. */
export const timeByState = `${sum(rate(state, ofCollector), 'state')} / scalar(${sum(rate(`${iteration}_count`, ofCollector))})`;

/** For each iteration, of the metrics that are counted inside iterations. */
export const perIteration = (metric: string, ...by: string[]): string =>
  by.length === 0
    ? `${sum(rate(metric, ofCollector))} / ${sum(rate(`${iteration}_count`, ofCollector))}`
    : `${sum(rate(metric, ofCollector), ...by)} / scalar(${sum(rate(`${iteration}_count`, ofCollector))})`;

/** For each second of iterations. */
export const perIterationSecond = (metric: string, selector = ofCollector, ...by: string[]): string =>
  by.length === 0
    ? `${sum(rate(metric, selector))} / ${sum(rate(`${iteration}_sum`, ofCollector))}`
    : `${sum(rate(metric, selector), ...by)} / scalar(${sum(rate(`${iteration}_sum`, ofCollector))})`;

/** Share of states, of all configurations chosen together, in the last minutes. */
export const shareOf = (states: string): string =>
  `${sum(increase(state, `state=~"${states}",${ofCollector}`, '$window'))} / ${sum(increase(state, ofCollector, '$window'))}`;

/** The same by configuration, over the time shown. */
export const shareOfConfiguration = (one: string): string =>
  `${perConfiguration(increase(state, `state="${one}",${ofCollector}`))} / ${perConfiguration(increase(state, ofCollector))}`;

/**
 * Time of the iterations of a window over what the same iterations take on average over the time shown: the mix of
 * configurations does not matter.
 */
export const againstUsual = (window: string, atEnd = ''): string => {
  const whole = (part: string): string => perConfiguration(increase(`${iteration}_${part}`, ofCollector, '$__range', atEnd));
  const recent = (part: string): string => perConfiguration(window === '$__rate_interval'
    ? rate(`${iteration}_${part}`, ofCollector) : increase(`${iteration}_${part}`, ofCollector, window));
  return `sum(${recent('sum')}) / sum(${recent('count')} * ${whole('sum')} / ${whole('count')})`;
};

/** Mean of the last minutes over the mean of the time shown, by configuration. */
export const againstUsualByConfiguration =
  `(${meanOfConfiguration(iteration, ofCollector, '$window')}) / (${meanOfConfiguration(iteration, ofCollector)})`;

/** Seconds of an iteration in the last minutes less its mean, by state, at the same mix of configurations. */
export const changeByState =
  `${sum(`${perConfiguration(increase(state, ofCollector, '$window'), 'state')} - ${perConfiguration(increase(state, ofCollector), 'state')}`
    + ` * on (${conf}) group_left () (${perConfiguration(increase(`${iteration}_count`, ofCollector, '$window'))}`
    + ` / ${perConfiguration(increase(`${iteration}_count`, ofCollector))})`, 'state')}`
  + ` / scalar(${sum(increase(`${iteration}_count`, ofCollector, '$window'))})`;

/** What a configuration achieves each second of its iterations. */
export const achieved = (metric: string): string =>
  `${perConfiguration(increase(metric, ofWorkload))} / ${perConfiguration(increase('workload_iteration_duration_seconds_sum', ofWorkload))}`;

const cause = 'observatory_iteration_cause_time_seconds_total';

/** Share of the wall time of iterations that went to each cause but the program's own work, the largest first. */
export const shareByCause = (many: number, window = '$__range'): string =>
  `topk(${many}, ${sum(increase(cause, `cause!~"work|workers",${ofCollector}`, window), 'cause')} / scalar(${sum(increase(cause, ofCollector, window))}))`;

/** Share of the wall time of iterations that went to one cause. */
export const shareOfCause = (kind: string): string =>
  `${sum(rate(cause, `cause="${kind}",${ofCollector}`))} / (${sum(rate(cause, ofCollector))} > 0)`;

/** The same of all of them, over time. */
export const shareByCauseOverTime = `${sum(rate(cause, `cause!~"work|workers",${ofCollector}`), 'cause')} / scalar(${sum(rate(cause, ofCollector))})`;
