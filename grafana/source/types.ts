// What a dashboard may hold, in Grafana's own published types, made as strict as the JSON that Grafana reads: enumerations
// by their values, no property that Grafana does not know. Both the source of the dashboards and the check of the JSON
// (tests/dashboards/check.ts) are compiled against it.
import type * as G from '@grafana/schema';
import type * as BarGauge from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type * as Heatmap from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type * as Stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as StateTimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as Table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as Text from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import type * as TimeSeries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type * as XYChart from '@grafana/schema/dist/esm/raw/composable/xychart/panelcfg/x/XYChartPanelCfg_types.gen';
import type { ConvertFieldTypeTransformerOptions } from '@grafana/data/dist/types/transformations/transformers/convertFieldType';
import type { MergeTransformerOptions } from '@grafana/data/dist/types/transformations/transformers/merge';
import type { OrganizeFieldsTransformerOptions } from '@grafana/data/dist/types/transformations/transformers/organize';
import type { SortByTransformerOptions } from '@grafana/data/dist/types/transformations/transformers/sortBy';
import type { DataLink } from '@grafana/data';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/dist/prometheus';

/** A type as it is in JSON: a value of an enumeration is its text or number, a function cannot be. */
export type Json<T> = unknown extends T ? T
  : T extends string ? `${T}`
  : T extends number | boolean | null | undefined ? T
  : T extends (...args: never[]) => unknown ? never
  : { [K in keyof T]: Json<T[K]> };

/** What each kind of panel knows: its options, and what it adds to the configuration of a field. */
export interface Kinds {
  bargauge: { options: BarGauge.Options; custom: Record<never, never> };
  heatmap: { options: Heatmap.Options; custom: Heatmap.FieldConfig };
  stat: { options: Stat.Options; custom: Record<never, never> };
  'state-timeline': { options: StateTimeline.Options; custom: StateTimeline.FieldConfig };
  table: { options: Table.Options; custom: Table.FieldConfig };
  text: { options: Text.Options; custom: Record<never, never> };
  timeseries: { options: TimeSeries.Options; custom: TimeSeries.FieldConfig };
  xychart: { options: XYChart.Options; custom: XYChart.FieldConfig };
}

export type Kind = keyof Kinds;

type Link = Json<Pick<DataLink, 'title' | 'targetBlank' | 'url'>>;

/** The configuration of a field that every kind of panel knows. */
export type Standard = Json<Omit<G.FieldConfig, 'custom' | 'links'>> & { links?: Link[] };

/** A cell is told apart by its type; the published union has them all. */
type Custom<K extends Kind> = Partial<Json<Kinds[K]['custom']>>;

/** Every property that an override may set, with its type. */
export type Properties<K extends Kind> = Standard & { [P in keyof Custom<K> & string as `custom.${P}`]?: Custom<K>[P] };

type PropertyOf<T> = { [P in keyof T & string]-?: { id: P; value: NonNullable<T[P]> } }[keyof T & string];

export type Property<K extends Kind> = PropertyOf<Properties<K>>;

export interface Override<K extends Kind> {
  matcher: { id: 'byName' | 'byRegexp' | 'byFrameRefID'; options: string };
  properties: Property<K>[];
}

export interface FieldConfig<K extends Kind> {
  defaults: Standard & { custom?: Custom<K> };
  overrides: Override<K>[];
}

/** A query of a panel; the published type belongs to classes, so its one method is left out. */
export type Target = Omit<Json<Dataquery>, '_implementsDataqueryVariant' | 'datasource'> & { datasource: Source; refId: string; expr: string };

export interface Source { type: 'prometheus'; uid: '${datasource}' }

/** Split by values lives in Grafana's application, which is not published; its options are written down here. */
interface PartitionByValues { fields: string[]; keepFields: boolean; naming: { asLabels: boolean } }

export type Transformation =
  | { id: 'merge'; options: Json<MergeTransformerOptions> }
  | { id: 'convertFieldType'; options: Json<ConvertFieldTypeTransformerOptions> }
  | { id: 'organize'; options: Json<OrganizeFieldsTransformerOptions> }
  | { id: 'sortBy'; options: Json<SortByTransformerOptions> }
  | { id: 'partitionByValues'; options: PartitionByValues };

/** What is the same of every panel with data. */
interface Shared {
  id: number;
  title: string;
  description: string;
  datasource: Source;
  pluginVersion: string;
  gridPos: G.GridPos;
  interval?: string;
  links?: Link[];
  targets: Target[];
  transformations?: Transformation[];
}

export type DataKind = Exclude<Kind, 'text'>;

export interface PanelOf<K extends DataKind> extends Shared { type: K; options: Json<Kinds[K]['options']>; fieldConfig: FieldConfig<K> }

export type DataPanel = { [K in DataKind]: PanelOf<K> }[DataKind];

export interface TextPanel {
  id: number; type: 'text'; title: string; description: string; pluginVersion: string; gridPos: G.GridPos; options: Json<Text.Options>;
}

export type Panel = DataPanel | TextPanel;

export type Row = Omit<Json<G.RowPanel>, 'panels' | 'datasource'> & { panels: Panel[] };

type Refresh = Json<G.VariableModel>;

/** A variable of a query: what the published model leaves open is what the Prometheus data source reads. */
export type Variable = Omit<Refresh, 'query' | 'type'> & (
  | { type: 'datasource' | 'interval'; query: string; auto?: boolean; auto_count?: number; auto_min?: string }
  | { type: 'query'; definition: string; query: { qryType: 1; query: string; refId: string } });

/** A mark on the time axis, of a query or Grafana's own. */
export type Mark = Omit<Json<G.AnnotationQuery>, 'target' | 'datasource'> & (
  | { builtIn: 1; datasource: { type: 'grafana'; uid: '-- Grafana --' } }
  | {
    datasource: Source; target: { expr: string; interval: string; refId: string };
    titleFormat: string; textFormat: string; tagKeys: string; useValueForTime: boolean;
  });

export type Dashboard = Omit<Json<G.Dashboard>, 'panels' | 'templating' | 'annotations'> & {
  uid: string;
  title: string;
  description: string;
  panels: (Panel | Row)[];
  templating: { list: Variable[] };
  annotations: { list: Mark[] };
};
