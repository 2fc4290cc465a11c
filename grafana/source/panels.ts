// A function for each kind of panel, with what all panels of the kind have in common. Types: types.ts.
import { configuration } from './promql';
import type { DataKind, FieldConfig, Kinds, Json, Override, Panel, PanelOf, Properties, Property, Source, Standard, Target, Transformation } from './types';

/** Grafana of compose.yaml: without it Grafana takes a panel for one of an old version, and migrates what is not old. */
export const grafana = '13.2.0';

export const source: Source = { type: 'prometheus', uid: '${datasource}' };

type Steps = [string, number?][];

/** A panel without its number and place, which the layout gives it. */
export type Unplaced = Panel extends infer P ? P extends Panel ? Omit<P, 'id' | 'gridPos'> : never : never;

/** What every panel says. */
export interface Common {
  title: string;
  /** What it shows, how to read it. */
  says: string;
  unit: string;
  /** Why there may be nothing to see. */
  empty: string;
  /** Colours from which value on; the first has none. */
  steps?: Steps;
  decimals?: number;
  min?: number;
  max?: number;
  /** A dashboard that explains it. */
  see?: Uid;
}

/** A trace on the collector's page, where compose.yaml publishes it; the data source's provisioning says the same. */
export const traceAddress = (id: string): string => `http://localhost:9465/?trace=${id}`;

/** Addresses of the dashboards; they never change. */
export const uids = {
  overview: ['observatory-overview', 'Overview'],
  time: ['observatory-time', 'Where the time goes'],
  sweep: ['observatory-sweep', 'Sweep'],
  machine: ['observatory-machine', 'Machine and cache'],
  runtime: ['observatory-runtime', '.NET runtime'],
  soak: ['observatory-soak', 'Soak'],
  requests: ['observatory-requests', 'Requests'],
} as const;
export type Uid = keyof typeof uids;

/** Legend and query. */
export type Queries = [legend: string, expr: string][];

const thresholds = (steps: Steps): NonNullable<Standard['thresholds']> =>
  ({ mode: 'absolute', steps: steps.map(([color, value]) => ({ color, value: value ?? null })) });

export const fixed = (fixedColor: string): NonNullable<Standard['color']> => ({ mode: 'fixed', fixedColor });

/** What a field of that name has of its own. */
export const field = <K extends DataKind>(options: string, properties: Properties<K> & { steps?: Steps }, id: Override<K>['matcher']['id'] = 'byName'): Override<K> => {
  const { steps, ...others } = properties;
  const all = steps === undefined ? others : { ...others, thresholds: thresholds(steps) };
  return { matcher: { id, options }, properties: Object.entries(all).map(([name, value]) => ({ id: name, value }) as Property<K>) };
};

export const colours = <K extends DataKind>(of: Record<string, string>): Override<K>[] =>
  Object.entries(of).map(([name, colour]) => field<K>(name, { color: fixed(colour) }));

const letters = (index: number): string => String.fromCharCode('A'.charCodeAt(0) + index);

const target = (instant: boolean, format?: 'table' | 'heatmap', exemplar = false) => ([legendFormat, expr]: Queries[number], index: number): Target => ({
  refId: letters(index), datasource: source, expr, legendFormat, instant, range: !instant, exemplar, ...(format && { format }),
});

/** The parts of a panel that do not depend on its kind. */
const panel = <K extends DataKind>(
  type: K, common: Common, targets: Target[], options: Json<Kinds[K]['options']>, custom: FieldConfig<K>['defaults']['custom'] | undefined,
  overrides: Override<K>[], more: { interval?: string; transformations?: Transformation[]; defaults?: Standard },
): Omit<PanelOf<K>, 'id' | 'gridPos'> => {
  const { interval, transformations } = more;
  return {
    type, title: common.title, description: common.says, datasource: source, pluginVersion: grafana,
    ...(interval && { interval }),
    ...(common.see && { links: [{ title: uids[common.see][1], url: `/d/${uids[common.see][0]}?\${__url_time_range}&\${__all_variables}`, targetBlank: false }] }),
    targets,
    fieldConfig: {
      defaults: {
        unit: common.unit, noValue: common.empty, thresholds: thresholds(common.steps ?? [['green']]),
        ...(common.decimals !== undefined && { decimals: common.decimals }),
        ...(common.min !== undefined && { min: common.min }),
        ...(common.max !== undefined && { max: common.max }),
        ...more.defaults,
        ...(custom && { custom }),
      },
      overrides,
    },
    options,
    ...(transformations && { transformations }),
  };
};

/** Curves over time. */
export const timeseries = (common: Common, queries: Queries, how: {
  stacked?: boolean; overrides?: Override<'timeseries'>[]; calcs?: string[]; legend?: 'bottom' | 'right'; interval?: string; gaps?: boolean; line?: boolean;
} = {}): Unplaced => panel('timeseries', common.unit.startsWith('suffix:') ? { decimals: 2, ...common } : common, queries.map(target(false)),
  {
    legend: { displayMode: 'table', placement: how.legend ?? 'bottom', showLegend: true, calcs: how.calcs ?? ['mean', 'lastNotNull'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  {
    drawStyle: 'line', lineInterpolation: 'linear', lineWidth: 1, fillOpacity: how.stacked ? 80 : 10, showPoints: how.stacked ? 'never' : 'auto', pointSize: 4,
    spanNulls: how.gaps ? false : 60000, axisSoftMin: 0,
    // A share that is zero all the time would get an axis up to 10000 %.
    ...(common.unit === 'percentunit' && common.max === undefined && { axisSoftMax: 0.01 }),
    ...(how.stacked && { stacking: { mode: 'normal', group: 'A' } }),
    ...(how.line && { thresholdsStyle: { mode: 'dashed' } }),
  },
  how.overrides ?? [], { interval: how.interval ?? '15s', defaults: { color: { mode: 'palette-classic' } } });

const isMany = (queries: Queries): boolean => queries.length > 1 || queries[0]![0].includes('{{');

/** Numbers of now, or of the time shown. */
export const stat = (common: Common, queries: Queries, how: {
  show?: 'value' | 'name' | 'value_and_name'; plain?: boolean; vertical?: boolean; overrides?: Override<'stat'>[]; mappings?: Standard['mappings'];
} = {}): Unplaced => panel('stat', common, queries.map(target(true)),
  {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    textMode: how.show ?? (isMany(queries) ? 'value_and_name' : 'value'),
    // By itself Grafana makes names beside several numbers too small to read.
    ...(isMany(queries) && { text: how.show === 'name' ? { titleSize: 20, valueSize: 20 } : { titleSize: 11, valueSize: 16 } }),
    colorMode: how.plain ? 'value' : 'background_solid', graphMode: 'none', justifyMode: 'auto',
    orientation: how.vertical ? 'horizontal' : 'auto', wideLayout: true, percentChangeColorMode: 'standard', showPercentChange: false,
  },
  undefined, how.overrides ?? [], { defaults: how.mappings && { mappings: how.mappings } });

/** Bars, the longest first. */
export const bars = (common: Common, queries: Queries, how: { colour?: string; overrides?: Override<'bargauge'>[] } = {}): Unplaced =>
  panel('bargauge', common, queries.map(target(true)),
    {
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, orientation: 'horizontal', displayMode: 'basic', valueMode: 'color',
      namePlacement: 'left', sizing: 'auto', minVizHeight: 16, minVizWidth: 8, maxVizHeight: 40, showUnfilled: true,
      legend: { calcs: [], displayMode: 'list', placement: 'bottom', showLegend: false }, text: { titleSize: 13, valueSize: 13 },
    },
    undefined, how.overrides ?? [], { defaults: how.colour ? { color: fixed(how.colour) } : undefined });

/** A histogram over time; exemplars lead from a cell to a captured trace. */
export const heatmap = (common: Common, expr: string, scheme: 'Oranges' | 'Purples', how: { exemplars?: boolean } = {}): Unplaced =>
  panel('heatmap', common, [['{{le}}', expr] as Queries[number]].map(target(false, 'heatmap', how.exemplars)),
    {
      calculate: false, cellGap: 1, color: { mode: 'scheme', scheme, scale: 'exponential', exponent: 0.5, fill: 'dark-orange', reverse: false, steps: 64 },
      exemplars: { color: 'rgba(255,0,255,0.7)' }, filterValues: { le: 1e-9 }, legend: { show: true }, rowsFrame: { layout: 'auto', value: 'per interval' },
      showValue: 'never', tooltip: { mode: 'single', yHistogram: true, showColorScale: true }, yAxis: { axisPlacement: 'left', reverse: false, unit: 's' },
    },
    { hideFrom: { legend: false, tooltip: false, viz: false }, scaleDistribution: { type: 'linear' } }, [], { interval: '15s' });

/** Up or down, over time. */
export const timeline = (common: Common, queries: Queries, mappings: NonNullable<Standard['mappings']>, interval: string): Unplaced =>
  panel('state-timeline', common, queries.map(target(false)),
    {
      mergeValues: true, showValue: 'never', alignValue: 'left', rowHeight: 0.8,
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] }, tooltip: { mode: 'single', sort: 'none' },
    },
    { lineWidth: 0, fillOpacity: 70 }, [], { interval, defaults: { mappings, color: { mode: 'thresholds' } } });

/** What a column of a table, or an axis of a diagram, is called and how it looks. */
export interface Column<K extends DataKind> { name: string; expr: string; look: Properties<K> & { steps?: Steps } }

const named: Record<string, string> = { batch_size: 'batch', sequence_length: 'sequence', embedding_dim: 'dim' };

/** A row for each set of labels, a column for each query. */
export const table = (common: Omit<Common, 'unit'>, labels: readonly string[], columns: Column<'table'>[], how: {
  sort: string; descending?: boolean; widths?: Record<string, number>; links?: [title: string, to: Uid][];
  /** Sizes are not numbers everywhere: `none` stands there between iterations. */
  labelsAreText?: boolean;
  /** A label whose value leads somewhere outside of Grafana. */
  leads?: [label: string, title: string, url: string];
}): Unplaced => {
  const sizes = labels.filter((label) => label in named);
  const shown = (label: string): string => named[label] ?? label;
  const value = (index: number): string => (columns.length === 1 ? 'Value' : `Value #${letters(index)}`);
  // The first column takes what room is left; without widths the others would be 150 pixels wide each.
  const width = (name: string): Properties<'table'> => (how.widths?.[name] === undefined ? {}
    : { [name === labels[0] ? 'custom.minWidth' : 'custom.width']: how.widths[name] });
  return panel('table', { ...common, unit: 'short' }, columns.map(({ expr }, index) => target(true, 'table')(['', expr], index)),
    { frameIndex: 0, showHeader: true, cellHeight: 'sm', sortBy: [{ displayName: how.sort, desc: how.descending ?? true }] },
    { align: 'auto', cellOptions: { type: 'auto' }, filterable: false },
    [
      ...sizes.map((label) => field<'table'>(shown(label), { unit: 'none', ...width(shown(label)) })),
      ...columns.map(({ name, look }) => field<'table'>(name, { ...look, ...width(name) })),
      ...(labels.filter((label) => !(label in named) && label !== 'operation' && label !== how.leads?.[0] && how.widths?.[label] !== undefined).map((label) => field<'table'>(label, width(label)))),
      ...(how.leads === undefined ? [] : [field<'table'>(how.leads[0], { ...width(how.leads[0]), links: [{ title: how.leads[1], targetBlank: true, url: how.leads[2] }] })]),
      ...(how.links || how.widths?.operation ? [field<'table'>('operation', { ...width('operation'), ...(how.links && { links: how.links.map(([title, to]) => ({ title, targetBlank: false, url: toConfiguration(to) })) }) })] : []),
    ],
    {
      transformations: [
        { id: 'merge', options: {} },
        ...(sizes.length === 0 || how.labelsAreText ? [] : [{
          id: 'convertFieldType' as const,
          options: { conversions: sizes.map((targetField) => ({ targetField, destinationType: 'number' as const })) },
        }]),
        {
          id: 'organize',
          options: {
            excludeByName: { Time: true },
            indexByName: Object.fromEntries([...labels, ...columns.map((_, index) => value(index))].map((name, index) => [name, index])),
            renameByName: Object.fromEntries([
              ...sizes.map((label) => [label, named[label]!]), ...columns.map(({ name }, index) => [value(index), name])]),
          },
        },
      ],
    });
};

const toConfiguration = (to: Uid): string =>
  `/d/${uids[to][0]}?\${__url_time_range}&var-operation=\${__data.fields.operation}&var-batch=\${__data.fields.batch}`
  + '&var-seq=${__data.fields.sequence}&var-dim=${__data.fields.dim}'
  + '&${host_name:queryparam}&${workload:queryparam}&${collector:queryparam}';

const points = (show: 'points' | 'points+lines'): NonNullable<FieldConfig<'xychart'>['defaults']['custom']> => ({
  show, pointSize: { fixed: 7 }, pointShape: 'circle', pointStrokeWidth: 1, fillOpacity: 50, lineWidth: 1, axisPlacement: 'auto', axisColorMode: 'text',
  axisBorderShow: false, axisCenteredZero: false, scaleDistribution: { type: 'log', log: 10 }, hideFrom: { legend: false, tooltip: false, viz: false },
});

const diagram = (x: string, legend: 'bottom' | 'right'): Json<Kinds['xychart']['options']> => ({
  mapping: 'auto', series: [{ x: { matcher: { id: 'byName', options: x } } }],
  legend: { displayMode: 'list', placement: legend, showLegend: true, calcs: [] }, tooltip: { mode: 'single', sort: 'none' },
});

/** A point for each configuration: one quantity against another. */
export const scatter = (common: Common, x: Column<'xychart'>, ...ys: Column<'xychart'>[]): Unplaced => {
  const columns = [x, ...ys];
  return panel('xychart', common, columns.map(({ expr }, index) => target(true, 'table')(['', expr], index)), diagram(x.name, 'bottom'), points('points'),
    columns.map(({ name, look }) => field<'xychart'>(name, { 'custom.axisLabel': name, ...look })),
    {
      defaults: { color: { mode: 'palette-classic' } },
      transformations: [
        { id: 'merge', options: {} },
        {
          id: 'organize',
          options: { excludeByName: { Time: true }, indexByName: {}, renameByName: Object.fromEntries(columns.map(({ name }, index) => [`Value #${letters(index)}`, name])) },
        },
        { id: 'sortBy', options: { sort: [{ field: x.name }] } },
      ],
    });
};

/** A line for each set of all sizes but one, against that one. Fields keep their names: nothing finds a renamed one after the split. */
export const lines = (common: Common, expr: string, x: typeof configuration[number], y: string): Unplaced => {
  const others = configuration.filter((label) => label !== x);
  const [, first, second] = others;
  return panel('xychart', common, [target(true, 'table')(['', expr], 0)], diagram(x, 'right'), points('points+lines'),
    [
      field<'xychart'>(x, { unit: 'none', 'custom.axisLabel': named[x]!, 'custom.scaleDistribution': { type: 'log', log: 2 } }),
      field<'xychart'>('Value', {
        unit: common.unit, 'custom.axisLabel': y,
        displayName: `\${__field.labels.operation}:\${__field.labels.${first}}×\${__field.labels.${second}}`,
      }),
    ],
    {
      defaults: { color: { mode: 'palette-classic' } },
      transformations: [
        { id: 'convertFieldType', options: { conversions: [{ targetField: x, destinationType: 'number' }] } },
        { id: 'sortBy', options: { sort: [{ field: x }] } },
        { id: 'partitionByValues', options: { fields: others, keepFields: false, naming: { asLabels: true } } },
      ],
    });
};

/** How to read the dashboard. */
export const text = (content: string): Unplaced => ({
  type: 'text', title: 'What to look at, in which order', description: 'What the panels mean and in which order to look at them.',
  pluginVersion: grafana, options: { mode: 'markdown', content },
});

/** The colour of the points or the line of a field. */
export const fixedPoint = (colour: string): Pick<Properties<'xychart'>, 'color'> => ({ color: fixed(colour) });
