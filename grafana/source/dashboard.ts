// A dashboard: what all have in common, and where panels go.
import { grafana, source, text, traceAddress, uids, type Uid, type Unplaced } from './panels';
import { both, collector, increase, rate, sum } from './promql';
import type { Dashboard, Mark, Panel, Row, Variable } from './types';

/** Panels beside each other, of one height. Grafana's grid has 24 columns; a row of it is 38 pixels high. */
export interface Line { height: number; panels: [width: number, panel: Unplaced][] }

export const line = (height: number, ...panels: Line['panels']): Line => ({ height, panels });

/** What is below the first screen, under a heading that opens it. */
export interface Section { title: string; lines: Line[] }

/** A question, and what answers it. */
export interface Question {
  uid: Uid;
  asks: string;
  /** What to look at, in which order. */
  read: string;
  /** What answers the question, without scrolling: at most as high as a screen of 1366 x 768 shows. */
  screen: Line[];
  sections: Section[];
  /** What to compare with, where something is compared. */
  windows?: { values: string[]; chosen: string };
  hours?: boolean;
}

/** Rows of the grid on a screen of 1366 x 768, below Grafana's own bar and the variables. */
export const firstScreen = 16;

const variable = (name: string, label: string, query: string, sort: 1 | 3, isMenu: boolean): Variable => ({
  name, label, type: 'query', datasource: source, definition: query, query: { qryType: 1, query, refId: `variable-${name}` },
  refresh: 2, sort, multi: true, includeAll: true, allValue: '.*', current: { text: ['All'], value: ['$__all'] },
  // Which of many machines and processes is asked seldom: it waits in the menu of controls, and the sizes stay on one line.
  hide: isMenu ? 3 : 0, options: [], regex: '', skipUrlSync: false,
});

const narrowed = 'workload_iterations_total{host_name=~"$host_name",instance=~"$workload"}';

const variables = (windows: Question['windows']): Variable[] => [
  {
    name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: { text: 'Prometheus', value: 'prometheus' },
    hide: 3, includeAll: false, multi: false, options: [], refresh: 1, regex: '', skipUrlSync: false,
  },
  variable('host_name', 'Machine', 'label_values(observatory_source_up, host_name)', 1, true),
  variable('workload', 'Workload (instance)', 'label_values(workload_iterations_total{host_name=~"$host_name"}, instance)', 1, true),
  variable('collector', 'Collector (instance)', 'label_values(observatory_source_up{host_name=~"$host_name"}, instance)', 1, true),
  variable('operation', 'Operation', `label_values(${narrowed}, operation)`, 1, false),
  variable('batch', 'Batch', `label_values(${narrowed}, batch_size)`, 3, false),
  variable('seq', 'Sequence', `label_values(${narrowed}, sequence_length)`, 3, false),
  variable('dim', 'Dim', `label_values(${narrowed}, embedding_dim)`, 3, false),
  ...(windows === undefined ? [] : [{
    name: 'window', label: 'Compare the last', type: 'interval' as const, query: windows.values.join(','), auto: false, auto_count: 30, auto_min: '10s',
    current: { text: windows.chosen, value: windows.chosen }, hide: 0 as const, refresh: 2 as const, skipUrlSync: false,
    options: windows.values.map((value) => ({ selected: value === windows.chosen, text: value, value })),
  }]),
];

const mark = (
  name: string, iconColor: string, expr: string, titleFormat: string, textFormat: string, tagKeys: string, useValueForTime = false,
): Mark => ({
  name, datasource: source, enable: true, hide: false, iconColor, target: { expr, interval: '15s', refId: 'Anno' },
  titleFormat, textFormat, tagKeys, useValueForTime,
});

const reached = `up{${both}}`;

const marks: Mark[] = [
  {
    builtIn: 1, datasource: { type: 'grafana', uid: '-- Grafana --' }, enable: true, hide: true, iconColor: 'rgba(0, 211, 255, 1)',
    name: 'Annotations & Alerts', type: 'dashboard',
  },
  mark('GC bursts', 'purple', `${sum(rate('observatory_gc_suspension_duration_seconds_sum', collector))} > 0.05`,
    'GC burst', 'The runtime kept its threads suspended for more than 5 % of the time.', ''),
  mark('Starts and restarts', 'blue',
    `sum by (job, instance) (resets(dotnet_process_cpu_time_seconds_total{${both}}[$__rate_interval])) > 0`
    + ` or (${reached} == 1 unless ${reached} offset $__rate_interval == 1)`,
    '{{job}} came up', '{{instance}} was started, started again, or reached again.', 'job,instance'),
  mark('Losses', 'red', `${sum(increase('observatory_events_lost_total', collector, '$__rate_interval'), 'source')} > 0`,
    'Events of {{source}} lost', 'Accounts of this time may be incomplete.', 'source'),
  // The value is the time, in milliseconds.
  mark('Captured traces', 'orange', `observatory_trace_captured_timestamp_seconds{${collector}} * 1000`,
    '{{unit}}', `Captured: {{trigger}}. <a href="${traceAddress('{{trace_id}}')}" target="_blank">Open the trace</a>`, 'trigger', true),
];

/** The dashboard as Grafana reads it. */
export const dashboard = (question: Question): Dashboard => {
  let id = 0;
  const place = (lines: Line[], from: number): { panels: Panel[]; end: number } => {
    const panels: Panel[] = [];
    let y = from;
    for (const { height, panels: beside } of lines) {
      let x = 0;
      for (const [w, unplaced] of beside) {
        const { type, ...others } = unplaced;
        id += 1;
        panels.push({ id, type, ...others, gridPos: { x, y, w, h: height } } as Panel);
        x += w;
      }
      y += height;
    }
    return { panels, end: y };
  };

  const { panels: first, end } = place(question.screen, 0);
  if (end > firstScreen) throw new Error(`${question.uid}: the answer is ${end} rows high, and the first screen shows ${firstScreen}`);
  const sections = [...question.sections, { title: 'How to read this', lines: [line(9, [24, text(question.read)])] }];
  const rows = sections.map(({ title, lines }, index): Row => {
    id += 1;
    const y = end + index;
    return { id, type: 'row', title, collapsed: true, gridPos: { x: 0, y, w: 24, h: 1 }, panels: place(lines, y + 1).panels };
  });

  return {
    uid: uids[question.uid][0], title: uids[question.uid][1], description: question.asks, tags: ['observatory'],
    schemaVersion: 41, version: 1, editable: false, graphTooltip: 1, timezone: 'browser',
    time: { from: question.hours ? 'now-6h' : 'now-15m', to: 'now' }, refresh: question.hours ? '1m' : '5s', timepicker: {},
    links: [{
      type: 'dashboards', title: 'Observatory', tags: ['observatory'], asDropdown: true, icon: 'external link', includeVars: true, keepTime: true,
      targetBlank: false, tooltip: '', url: '',
    }],
    annotations: { list: marks }, templating: { list: variables(question.windows) }, panels: [...first, ...rows],
  };
};

export { grafana };
