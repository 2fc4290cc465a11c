// A dashboard of grafana/dashboards as Grafana would draw it, as far as its published parts go: frame, numbers, bars, curves
// and tables are Grafana's own components, and transformations and field configuration are applied by Grafana's own code.
// Heatmaps and diagrams of one quantity against another are drawn here, on Grafana's chart, because their panels are not
// published. A panel without a component is an empty frame that says so. Marks are vertical lines.
import '@fontsource/inter/400.css';
import '@fontsource/inter/500.css';
import * as React from 'react';
import { createRoot } from 'react-dom/client';
import {
  applyFieldOverrides, cacheFieldDisplayNames, createTheme, dateTime, EventBusSrv, FieldConfigOptionsRegistry, FieldType, getDisplayProcessor, getFieldDisplayName, getFieldDisplayValues,
  getDisplayValueAlignmentFactors, getFieldSeriesColor, renderMarkdown, standardTransformers, standardTransformersRegistry, ThemeContext, toDataFrame,
  transformDataFrame, VizOrientation, type DataFrame, type Field, type FieldDisplay, type GrafanaTheme2, type TimeRange,
} from '@grafana/data';
import { BarGauge, BigValue, GlobalStyles, PanelChrome, PanelContextProvider, TimeSeries, VizLegend, VizRepeater } from '@grafana/ui';
import { TableNG } from '@grafana/ui/unstable';
import { lastValueFrom } from 'rxjs';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

type Loose = any;
const asked = new URLSearchParams(location.search);
const from = Number(asked.get('from')), to = Number(asked.get('to')), scrape = Number(asked.get('scrape') ?? 5);
const theme: GrafanaTheme2 = createTheme({ colors: { mode: asked.get('theme') === 'light' ? 'light' : 'dark' } });
const timeRange: TimeRange = { from: dateTime(from * 1000), to: dateTime(to * 1000), raw: { from: dateTime(from * 1000), to: dateTime(to * 1000) } };
const chosen: Record<string, string> = Object.fromEntries(['window', 'workload', 'collector'].flatMap((name) => (asked.has(name) ? [[name, asked.get(name)!]] : [])));

standardTransformersRegistry.setInit(() => [...new Map(Object.values(standardTransformers).map((one: Loose) => [one.id, one])).values()].map((transformation: Loose) => ({
  id: transformation.id, name: transformation.name, transformation: async () => transformation, editor: () => null, imageDark: '', imageLight: '',
})) as Loose);

// ---- Questions to Prometheus, as Grafana's data source asks them.

const seconds = (text: string): number => Number.parseFloat(text) * ({ s: 1, m: 60, h: 3600 }[text.slice(-1)] ?? 1);

const expand = (expr: string, step: number): string => expr.replace(/\$(\w+)/g, (_, name: string) => ({
  __rate_interval: `${Math.max(step + scrape, 4 * scrape)}s`, __interval_ms: `${step * 1000}`, __range: `${to - from}s`, ...chosen,
} as Record<string, string>)[name] ?? '.*');

const ask = async (path: string, query: Record<string, string | number>): Promise<Loose[]> => {
  const answer = await (await fetch(`/prometheus/api/v1/${path}`, { method: 'POST', body: new URLSearchParams(query as Loose) })).json();
  if (answer.status !== 'success') throw new Error(`${answer.error}: ${query.query}`);
  return answer.data.result;
};

const number = (text: string): number => (text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text));

const legendOf = (format: string, labels: Record<string, string>): string =>
  format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => labels[name] ?? '');

const framesOf = async (target: Loose, count: number, step: number): Promise<DataFrame[]> => {
  const query = expand(target.expr, step);
  const result = target.instant ? await ask('query', { query, time: to })
    : await ask('query_range', { query, start: Math.floor(from / step) * step, end: Math.floor(to / step) * step, step });
  if (target.format === 'table') {
    const labels = [...new Set(result.flatMap(({ metric }) => Object.keys(metric)))].filter((label) => label !== '__name__').sort();
    const value = count === 1 ? 'Value' : `Value #${target.refId}`;
    return [toDataFrame({
      refId: target.refId,
      fields: [
        { name: 'Time', type: FieldType.time, values: result.map(({ value: [time] }) => time * 1000) },
        ...labels.map((label) => ({ name: label, type: FieldType.string, values: result.map(({ metric }) => metric[label] ?? '') })),
        { name: value, type: FieldType.number, values: result.map(({ value: [, text] }) => number(text)) },
      ],
    })];
  }
  return result.map(({ metric, value, values }) => {
    const points: [number, string][] = values ?? [value];
    const name = legendOf(target.legendFormat, metric);
    return toDataFrame({
      refId: target.refId, name,
      fields: [
        { name: 'Time', type: FieldType.time, values: points.map(([time]) => time * 1000), config: { interval: step * 1000 } },
        { name: 'Value', type: FieldType.number, labels: metric, values: points.map(([, text]) => (text === 'NaN' ? null : number(text))), config: { displayNameFromDS: name } },
      ],
    });
  });
};

// ---- Grafana's own handling of what came back.

/** The one transformation that Grafana's packages lack: a frame for each set of values, which become labels. */
const partition = (frames: DataFrame[], { fields, naming }: Loose): DataFrame[] => frames.flatMap((frame) => {
  const parts = new Map<string, number[]>();
  for (let row = 0; row < frame.length; row += 1) {
    const key = JSON.stringify(fields.map((name: string) => frame.fields.find((field) => field.name === name)?.values[row]));
    parts.set(key, [...(parts.get(key) ?? []), row]);
  }
  return [...parts].map(([key, rows]) => toDataFrame({
    refId: frame.refId,
    fields: frame.fields.filter(({ name }) => !fields.includes(name)).map((field) => ({
      ...field, state: undefined, values: rows.map((row) => field.values[row]),
      labels: naming.asLabels && field.type === FieldType.number ? Object.fromEntries(JSON.parse(key).map((value: string, index: number) => [fields[index], value])) : undefined,
    })),
  }));
});

const transformed = async (frames: DataFrame[], transformations: Loose[] = []): Promise<DataFrame[]> => {
  let data = frames;
  for (const one of transformations) {
    data = one.id === 'partitionByValues' ? partition(data, one.options) : await lastValueFrom(transformDataFrame([one], data) as Loose) as DataFrame[];
  }
  return data;
};

const standard = ['unit', 'noValue', 'decimals', 'min', 'max', 'color', 'thresholds', 'mappings', 'links', 'displayName'];

/** What may be set of a field: all that this panel sets. */
const registryOf = ({ fieldConfig }: Loose): FieldConfigOptionsRegistry => {
  const custom = new Set([
    ...Object.keys(fieldConfig.defaults.custom ?? {}),
    ...fieldConfig.overrides.flatMap(({ properties }: Loose) => properties.map(({ id }: Loose) => id)).filter((id: string) => id.startsWith('custom.')).map((id: string) => id.slice(7)),
  ]);
  const process = (value: Loose, { field }: Loose) => (typeof value === 'string'
    ? value.replace(/\$\{__field\.labels\.(\w+)\}/g, (_, label: string) => field?.labels?.[label] ?? '') : value);
  const item = (path: string, isCustom: boolean): Loose => ({
    id: isCustom ? `custom.${path}` : path, path, name: path, isCustom, process, shouldApply: () => true, override: () => null, editor: () => null, settings: {}, getItemsCount: () => 0,
  });
  return new FieldConfigOptionsRegistry(() => [...standard.map((path) => item(path, false)), ...[...custom].map((path) => item(path as string, true))]);
};

const fetchPanel = async (panel: Loose): Promise<DataFrame[]> => {
  const step = Math.max(seconds(panel.interval ?? '1s'), Math.ceil((to - from) / 500), 1);
  const frames = (await Promise.all(panel.targets.map((target: Loose) => framesOf(target, panel.targets.length, step)))).flat();
  const data = await transformed(frames, panel.transformations);
  const shown = applyFieldOverrides({
    data, theme, timeZone: 'utc', replaceVariables: (text: string) => text, fieldConfig: panel.fieldConfig, fieldConfigRegistry: registryOf(panel),
  });
  cacheFieldDisplayNames(shown);
  return shown;
};

// ---- Kinds of panels.

interface Drawn { panel: Loose; data: DataFrame[]; width: number; height: number; marks: Mark[] }

const displayed = ({ panel, data }: Drawn): FieldDisplay[] => getFieldDisplayValues({
  data, theme, fieldConfig: panel.fieldConfig, reduceOptions: panel.options.reduceOptions, replaceVariables: (text: string) => text, timeZone: 'utc',
});

const Stat = (drawn: Drawn): React.ReactElement => {
  const { panel, data, width, height } = drawn;
  return <VizRepeater
    getValues={() => displayed(drawn)} source={data} renderCounter={0} width={width} height={height} autoGrid={true}
    orientation={panel.options.orientation as VizOrientation} getAlignmentFactors={(values: FieldDisplay[]) => getDisplayValueAlignmentFactors(values)}
    renderValue={({ value, alignmentFactors, width: w, height: h, count }: Loose) => <BigValue
      value={{ ...value.display, title: panel.options.textMode === 'value' ? undefined : value.display.title }} width={w} height={h} theme={theme} count={count} alignmentFactors={alignmentFactors}
      colorMode={panel.options.colorMode} graphMode={panel.options.graphMode} justifyMode={panel.options.justifyMode} textMode={panel.options.textMode} text={panel.options.text} wideLayout={panel.options.wideLayout} />} />;
};

const Bars = (drawn: Drawn): React.ReactElement => {
  const { panel: { options }, data, width, height } = drawn;
  return <VizRepeater
    getValues={() => displayed(drawn)} source={data} renderCounter={0} width={width} height={height} minVizHeight={options.minVizHeight} minVizWidth={options.minVizWidth} maxVizHeight={options.maxVizHeight}
    orientation={options.orientation} itemSpacing={8} getAlignmentFactors={(values: FieldDisplay[]) => getDisplayValueAlignmentFactors(values)}
    renderValue={({ value, alignmentFactors, width: w, height: h, orientation }: Loose) => <BarGauge
      value={{ ...value.display, title: value.display.title }} field={value.field} display={value.view?.getFieldDisplayProcessor(value.colIndex)} width={w} height={h} theme={theme}
      orientation={orientation} itemSpacing={8} lcdCellWidth={8} displayMode={options.displayMode} alignmentFactors={alignmentFactors} showUnfilled={options.showUnfilled}
      valueDisplayMode={options.valueMode} namePlacement={options.namePlacement} text={options.text} />} />;
};

const Curves = ({ panel, data, width, height, marks }: Drawn): React.ReactElement => <TimeSeries
  frames={data} structureRev={1} timeRange={timeRange} timeZone="utc" width={width} height={height} legend={panel.options.legend} options={panel.options}>
  {(builder) => {
    builder.addHook('draw', (plot: uPlot) => {
      for (const { time, colour } of marks) {
        const x = plot.valToPos(time * 1000, 'x', true);
        plot.ctx.save(); plot.ctx.strokeStyle = theme.visualization.getColorByName(colour); plot.ctx.setLineDash([5, 5]); plot.ctx.lineWidth = 2;
        plot.ctx.beginPath(); plot.ctx.moveTo(x, plot.bbox.top); plot.ctx.lineTo(x, plot.bbox.top + plot.bbox.height); plot.ctx.stroke(); plot.ctx.restore();
      }
    });
    return null;
  }}
</TimeSeries>;

const Rows = ({ panel, data, width, height }: Drawn): React.ReactElement => {
  // The panel sorts the same way when the reader has clicked on a head.
  const [sort] = panel.options.sortBy;
  return <TableNG data={data[0]!} width={width} height={height} cellHeight={panel.options.cellHeight} sortBy={[sort]} sortByBehavior={'initial' as Loose} timeRange={timeRange} fieldConfig={panel.fieldConfig}
    structureRev={1} enableVirtualization={false} noHeader={!panel.options.showHeader} />;
};

/** A chart of our own on a canvas of uPlot, with Grafana's colours and formats. */
const Chart = ({ options, data, width, height }: { options: Partial<uPlot.Options>; data: Loose; width: number; height: number }): React.ReactElement => {
  const at = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const plot = new uPlot({ width, height, legend: { show: false }, cursor: { show: false }, ...options } as uPlot.Options, data, at.current!);
    return () => plot.destroy();
  }, [width, height]);
  return <div ref={at} />;
};

const axis = (field: Field | undefined, more: Loose = {}): uPlot.Axis => {
  const display = field && getDisplayProcessor({ field, theme, timeZone: 'utc' });
  return {
    stroke: theme.colors.text.primary, font: `12px ${theme.typography.fontFamily}`, labelFont: `12px ${theme.typography.fontFamily}`,
    grid: { stroke: theme.isDark ? 'rgba(240, 250, 255, 0.09)' : 'rgba(0, 10, 23, 0.09)', width: 1 }, ticks: { show: false },
    ...(display && { values: (_: uPlot, ticks: number[]) => ticks.map((tick) => (tick === null ? null : (({ prefix, text, suffix }) => `${prefix ?? ''}${text}${suffix ?? ''}`)(display(tick)))) as string[] }), ...more,
  };
};

const Diagram = ({ panel, data, width, height }: Drawn): React.ReactElement => {
  const xName = panel.options.series[0].x.matcher.options;
  const series = data.flatMap((frame) => {
    const x = frame.fields.find((field) => field.name === xName || getFieldDisplayName(field, frame, data) === xName);
    return x === undefined ? [] : frame.fields.filter((field) => field !== x && field.type === FieldType.number).map((y) => ({ frame, x, y }));
  }).map((one, index) => ({ ...one, index }));
  const colour = (y: Field, index: number): string => (y.config.color?.mode === 'fixed' ? theme.visualization.getColorByName(y.config.color.fixedColor!)
    : getFieldSeriesColor({ ...y, state: { ...y.state, seriesIndex: index } }, theme).color);
  const names = series.map(({ y, frame }) => getFieldDisplayName(y, frame, data));
  const isRight = panel.options.legend.placement === 'right';
  const legendWidth = isRight ? Math.min(width * 0.5, Math.max(...names.map((name) => name.length), 0) * 7 + 45) : 0, legendHeight = isRight ? 0 : 30;
  if (series.length === 0) return <></>;
  const scaleOf = (field: Field): Loose => (field.config.custom?.scaleDistribution?.type === 'log' ? { distr: 3, log: field.config.custom.scaleDistribution.log } : {});
  const shown = (values: Loose[]): number[] => values.map((value) => (value > 0 ? value : null)) as number[];
  return <div style={{ display: 'flex', flexDirection: isRight ? 'row' : 'column', width, height }}>
    <Chart width={width - legendWidth} height={height - legendHeight} data={[null, ...series.map(({ x, y }) => [shown(x.values), shown(y.values)])]} options={{
      mode: 2 as Loose, scales: { x: { time: false, auto: true, ...scaleOf(series[0]!.x), range: paddedRange }, y: { auto: true, ...scaleOf(series[0]!.y), range: series[0]!.y.config.min === 0 ? [0, Math.max(...series.flatMap(({ y }) => y.values)) * 1.1] : paddedRange } } as Loose,
      axes: [axis(series[0]!.x, { label: series[0]!.x.config.custom?.axisLabel, labelSize: 20, size: 30, splits: () => spread(series.flatMap(({ x }) => x.values)) }), axis(series[0]!.y, { label: series[0]!.y.config.custom?.axisLabel, labelSize: 20, size: 85, ...(series[0]!.y.config.custom?.scaleDistribution?.type === 'log' && { splits: (_: uPlot, __: number, low: number, high: number) => round(low, high) }) })],
      series: [{}, ...series.map(({ y, index }) => ({
        facets: [{ scale: 'x', auto: true }, { scale: 'y', auto: true }],
        paths: (plot: uPlot, at: number) => {
          const [xs, ys] = (plot.data as Loose)[at] as [number[], number[]];
          const show: string = y.config.custom.show;
          const ctx = plot.ctx;
          ctx.save(); ctx.strokeStyle = ctx.fillStyle = colour(y, index); ctx.lineWidth = (y.config.custom.lineWidth ?? 1) * devicePixelRatio;
          const points = xs.map((x, point) => [plot.valToPos(x, 'x', true), plot.valToPos(ys[point]!, 'y', true), ys[point]] as const).filter(([, , value]) => value !== null);
          if (show !== 'points') { ctx.beginPath(); points.forEach(([px, py], point) => (point === 0 ? ctx.moveTo(px, py) : ctx.lineTo(px, py))); ctx.stroke(); }
          if (show !== 'lines') for (const [px, py] of points) { ctx.globalAlpha = 0.5; ctx.beginPath(); ctx.arc(px, py, 3.5 * devicePixelRatio, 0, 2 * Math.PI); ctx.fill(); ctx.globalAlpha = 1; ctx.stroke(); }
          ctx.restore();
          return null;
        },
      }))] as Loose,
    }} />
    <div style={isRight ? { width: legendWidth, height, overflow: 'hidden' } : { height: legendHeight, overflow: 'hidden' }}>
      <VizLegend placement={panel.options.legend.placement} displayMode={panel.options.legend.displayMode} items={series.map(({ y, index }) => ({ label: names[index]!, color: colour(y, index), yAxis: 1 }))} />
    </div>
  </div>;
};

const paddedRange = (_: uPlot, low: number, high: number): [number, number] => (low === null || high === null ? [1, 10] : [low / 1.25, high * 1.25]);
/** The values themselves, as far as there is room beside each other. */
const spread = (values: number[]): number[] => [...new Set(values)].filter((value) => value > 0).sort((a, b) => a - b).reduce<number[]>((kept, value) => (kept.length > 0 && value < kept.at(-1)! * 1.4 ? kept : [...kept, value]), []);
/** 1, 2 and 5 of each power of ten. */
const round = (low: number, high: number): number[] => Array.from({ length: 30 }, (_, power) => [1, 2, 5].map((one) => one * 10 ** (power - 9))).flat().filter((value) => value >= low && value <= high);

/** Buckets are cumulative; a cell is what is in one and not in the next smaller one. */
const Heat = ({ panel, data, width, height }: Drawn): React.ReactElement => {
  const rows = data.map((frame) => ({ le: number(frame.fields[1]!.labels!.le!), times: frame.fields[0]!.values as number[], values: frame.fields[1]!.values as number[] })).sort((a, b) => a.le - b.le);
  const times = [...new Set(rows.flatMap((row) => row.times))].sort((a, b) => a - b);
  const cells = rows.map((row, index) => times.map((time) => Math.max(0, (row.values[row.times.indexOf(time)] ?? 0) - (index === 0 ? 0 : rows[index - 1]!.values[rows[index - 1]!.times.indexOf(time)] ?? 0))));
  const used = rows.map((_, index) => index).filter((index) => cells[index]!.some((value) => value > 1e-9));
  const low = Math.max(0, (used[0] ?? 0) - 1), high = Math.min(rows.length - 1, (used.at(-1) ?? 0) + 1);
  const most = Math.max(1e-9, ...cells.flat());
  const scheme = panel.options.color.scheme === 'Purples' ? [124, 58, 170] : [224, 110, 20];
  const step = seconds(panel.interval);
  return <Chart width={width} height={height} data={[times.map((time) => time / 1000), times.map(() => 0)]} options={{
    scales: { x: { time: true, range: [from, to] }, y: { range: [low, high + 1] } }, tzDate: (time: number) => uPlot.tzDate(new Date(time * 1000), 'Etc/UTC'),
    axes: [axis(undefined, { size: 30, values: (_: uPlot, times: number[]) => times.map(clock) }), axis(data[0]?.fields[1], { size: 70, splits: () => rows.map((_, index) => index + 1).filter((_, index) => index >= low && index < high && (index - low) % Math.ceil((high - low + 1) / 7) === 0), values: (_: uPlot, splits: number[]) => {
      const display = getDisplayProcessor({ field: data[0]!.fields[1]!, theme });
      return splits.map((split) => { const { text, suffix } = display(rows[split - 1]!.le); return `${text}${suffix ?? ''}`; });
    } })],
    series: [{}, { paths: () => null, points: { show: false } }],
    hooks: { draw: [(plot: uPlot) => {
      const { ctx } = plot;
      ctx.save(); ctx.beginPath(); ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height); ctx.clip();
      for (let row = low; row <= high; row += 1) for (const [column, time] of times.entries()) {
        const value = cells[row]![column]!;
        if (value <= 1e-9) continue;
        const left = plot.valToPos(time / 1000 - step, 'x', true), right = plot.valToPos(time / 1000, 'x', true), top = plot.valToPos(row + 1, 'y', true), bottom = plot.valToPos(row, 'y', true);
        ctx.fillStyle = `rgba(${scheme.join(',')},${0.15 + 0.85 * Math.sqrt(value / most)})`;
        ctx.fillRect(left + 1, top + 1, right - left - 1, bottom - top - 1);
      }
      ctx.restore();
    }] },
  }} />;
};

const kinds: Record<string, (drawn: Drawn) => React.ReactElement> = { stat: Stat, bargauge: Bars, timeseries: Curves, table: Rows, xychart: Diagram, heatmap: Heat };

const isEmpty = (data: DataFrame[]): boolean => data.every((frame) => frame.length === 0);

// ---- The page.

const clock = (time: number): string => new Date(time * 1000).toISOString().slice(11, 19);

interface Mark { time: number; colour: string; name: string }

const fetchMarks = async (dashboard: Loose): Promise<Mark[]> => (await Promise.all(dashboard.annotations.list.filter((mark: Loose) => mark.target).map(async (mark: Loose) => {
  const step = Math.max(seconds(mark.target.interval), 1);
  const result = await ask('query_range', { query: expand(mark.target.expr, step), start: Math.floor(from / step) * step, end: Math.floor(to / step) * step, step });
  // Of points in a row Grafana makes one region; its beginning is enough here.
  return result.flatMap(({ values }) => (values as [number, string][]).filter(([time], index) => index === 0 || time - values[index - 1][0] > step)
    .map(([time]) => ({ time, colour: mark.iconColor, name: mark.name })));
}))).flat();

const inner = (panel: Loose, data: DataFrame[], marks: Mark[], width: number, height: number): React.ReactNode => {
  if (panel.type === 'text') return <div className="markdown-html" style={{ overflow: 'auto', height, padding: 8 }} dangerouslySetInnerHTML={{ __html: renderMarkdown(panel.options.content) }} />;
  const Kind = kinds[panel.type];
  if (Kind === undefined) return <div style={{ width, height, display: 'grid', placeItems: 'center', opacity: 0.6 }}>{panel.type}: no component is published</div>;
  if (isEmpty(data)) return <div style={{ width, height, display: 'grid', placeItems: 'center', textAlign: 'center', opacity: 0.65, padding: 4, overflow: 'hidden' }}>{panel.fieldConfig.defaults.noValue}</div>;
  return <Kind panel={panel} data={data} width={width} height={height} marks={marks} />;
};

class Guarded extends React.Component<{ title: string; children: React.ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};
  static getDerivedStateFromError = (error: Error) => ({ error });
  override render(): React.ReactNode { return this.state.error ? <pre className="preview-error">{this.props.title}: {this.state.error.message}</pre> : this.props.children; }
}

const border = 16;
const Page = ({ dashboard, filled, marks }: { dashboard: Loose; filled: Map<number, DataFrame[]>; marks: Mark[] }): React.ReactElement => {
  const width = document.documentElement.clientWidth - 2 * border;
  const column = (width - 23 * 8) / 24;
  const place = ({ x, y, w, h }: Loose): React.CSSProperties => ({ position: 'absolute', left: x * (column + 8), top: y * 38, width: w * column + (w - 1) * 8, height: h * 30 + (h - 1) * 8 });
  const isWhole = asked.get('whole') === '1';
  const opened: Loose[] = [];
  let moved = 0;
  for (const panel of dashboard.panels) {
    const shown = { ...panel, gridPos: { ...panel.gridPos, y: panel.gridPos.y + moved } };
    opened.push(shown);
    if (panel.type === 'row' && isWhole) {
      for (const hidden of panel.panels) opened.push({ ...hidden, gridPos: { ...hidden.gridPos, y: hidden.gridPos.y + moved } });
      moved += Math.max(...panel.panels.map(({ gridPos }: Loose) => gridPos.y + gridPos.h)) - panel.gridPos.y - 1;
    }
  }
  const end = Math.max(...opened.map(({ gridPos }) => (gridPos.y + gridPos.h) * 38));
  const control = (label: string, value: string): React.ReactElement => <div key={label} style={{ display: 'inline-flex', border: `1px solid ${theme.colors.border.medium}`, borderRadius: 4, height: 32, alignItems: 'center', fontSize: 12 }}>
    <span style={{ padding: '0 8px', fontWeight: 500 }}>{label}</span><span style={{ padding: '0 28px 0 8px', borderLeft: `1px solid ${theme.colors.border.medium}`, fontSize: 14, background: theme.components.input.background, height: 30, lineHeight: '30px' }}>{value} ▾</span></div>;
  return <div style={{ background: theme.colors.background.canvas, minHeight: '100vh' }}>
    <div style={{ height: 40, background: theme.colors.background.primary, borderBottom: `1px solid ${theme.colors.border.weak}`, padding: '0 16px', display: 'flex', alignItems: 'center', justifyContent: 'space-between' }}>
      <span>Dashboards › <b style={{ fontWeight: 500 }}>{dashboard.title}</b></span><span style={{ opacity: 0.8 }}>{clock(from)} to {clock(to)} UTC</span></div>
    <div style={{ padding: `8px ${border}px`, display: 'flex', gap: 8, height: 48, whiteSpace: 'nowrap', overflow: 'hidden' }} id="controls">
      {dashboard.templating.list.filter(({ hide }: Loose) => hide !== 3).map((variable: Loose) => control(variable.label, chosen[variable.name] ?? 'All'))}
      <span style={{ flexGrow: 1 }} />{dashboard.links.map(({ title }: Loose) => control(title, ''))}</div>
    <div style={{ position: 'relative', margin: `0 ${border}px`, height: end + border }}>
      {opened.map((panel) => panel.type === 'row'
        ? <div key={panel.id} style={{ ...place(panel.gridPos), fontWeight: 500, lineHeight: '30px' }}>{isWhole ? '⌄' : '›'} {panel.title} <span style={{ opacity: 0.6, fontWeight: 400 }}>({panel.panels.length} panels)</span></div>
        : <div key={panel.id} style={place(panel.gridPos)}><Guarded title={panel.title}>
          <PanelChrome title={panel.title} description={panel.description} width={place(panel.gridPos).width as number} height={place(panel.gridPos).height as number}
            padding={panel.type === 'table' ? 'none' : 'md'}>{(w: number, h: number) => inner(panel, filled.get(panel.id) ?? [], marks, w, h)}</PanelChrome></Guarded></div>)}
    </div>
  </div>;
};

const all = (dashboard: Loose): Loose[] => dashboard.panels.flatMap((panel: Loose) => [panel, ...(panel.panels ?? [])]).filter(({ targets }: Loose) => targets);

const main = async (): Promise<void> => {
  const dashboard = await (await fetch(`/dashboards/${asked.get('dashboard')}.json`)).json();
  const filled = new Map<number, DataFrame[]>();
  for (const panel of all(dashboard)) filled.set(panel.id, await fetchPanel(panel));
  const marks = await fetchMarks(dashboard);
  createRoot(document.getElementById('root')!).render(
    <ThemeContext.Provider value={theme}><GlobalStyles /><PanelContextProvider value={{ eventsScope: 'preview', eventBus: new EventBusSrv(), onToggleSeriesVisibility: () => undefined } as Loose}>
      <Page dashboard={dashboard} filled={filled} marks={marks} /></PanelContextProvider></ThemeContext.Provider>);
  setTimeout(() => document.body.classList.add('ready'), 1500);
};

main().catch((error: Error) => { document.body.innerHTML = `<pre class="preview-error">${error.stack}</pre>`; document.body.classList.add('ready'); });
