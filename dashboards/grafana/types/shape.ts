// The shape of a dashboard as Grafana's own types have it. They leave the options of panels and the settings of fields
// open; here each kind of panel gets those of its own plugin, so that a misspelt or misplaced option is an error.
import type { Dashboard as AnyDashboard, FieldConfig as AnyFieldConfig, RowPanel, Panel as AnyPanel, VariableModel, DataSourceRef, DataQuery } from '@grafana/schema';
import type { Options as StatOptions } from '@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen.d.ts';
import type { Options as BarOptions, FieldConfig as BarFields } from '@grafana/schema/dist/types/raw/composable/barchart/panelcfg/x/BarChartPanelCfg_types.gen.d.ts';
import type { Options as TimeOptions, FieldConfig as TimeFields } from '@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen.d.ts';
import type { Options as TableOptions, FieldConfig as TableFields } from '@grafana/schema/dist/types/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen.d.ts';

// JSON holds the values of enums, not their members.
type Plain<T> = T extends string ? `${T}` : T extends number | boolean | null | undefined ? T : T extends Array<infer E> ? Array<Plain<E>> : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;

interface Link { title: string; url: string; targetBlank: boolean }

interface ClickHouseTarget extends Pick<DataQuery, 'refId'> {
  datasource?: { type: 'grafana-clickhouse-datasource'; uid: '${datasource}' };
  editorType: 'sql';
  pluginVersion: string;
  queryType: 'table' | 'timeseries';
  format: 0 | 1;
  rawSql: string;
}

interface PrometheusTarget extends Pick<DataQuery, 'refId'> {
  datasource: { type: 'prometheus'; uid: '${prometheus}' };
  expr: string;
  legendFormat: string;
  format: 'time_series';
  instant: boolean;
  range: boolean;
}

// The settings that an override changes, by the id under which Grafana knows them.
type Settings<Custom> = Omit<Plain<AnyFieldConfig>, 'links' | 'custom'> & { links: Link[] } & { [K in keyof Custom & string as `custom.${K}`]: Plain<Custom[K]> };
type Property<Custom> = { [K in keyof Settings<Custom>]-?: { id: K; value: Exclude<Settings<Custom>[K], undefined> } }[keyof Settings<Custom>];

interface PanelOf<Type extends string, Options, Custom> extends Omit<Plain<AnyPanel>, 'type' | 'options' | 'fieldConfig' | 'targets' | 'datasource'> {
  type: Type;
  options: Plain<Options>;
  datasource: DataSourceRef;
  targets: Array<ClickHouseTarget | PrometheusTarget>;
  fieldConfig: {
    defaults: Omit<Plain<AnyFieldConfig>, 'custom' | 'links'> & { custom?: Plain<Partial<Custom>>; links?: Link[] };
    overrides: Array<{ matcher: { id: 'byName'; options: string }; properties: Array<Property<Custom>> }>;
  };
}

export interface Dashboard extends Omit<Plain<AnyDashboard>, 'panels' | 'templating'> {
  panels: Array<Plain<RowPanel> | PanelOf<'stat', StatOptions, object> | PanelOf<'barchart', BarOptions, BarFields> | PanelOf<'timeseries', TimeOptions, TimeFields> | PanelOf<'table', TableOptions, TableFields>>;
  templating: { list: Array<Omit<Plain<VariableModel>, 'query'> & { query: string | ClickHouseTarget }> };
}
