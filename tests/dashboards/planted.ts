// Mistakes that are easily made, one in each copy of a dashboard. The check has to find every one of them.

// What is changed here is wrong on purpose, so it has no type.
type Loose = any;

const mistakes: [name: string, file: string, kind: string, change: (panel: Loose, dashboard: Loose) => void][] = [
  ['misspelled option', 'overview.json', 'stat', (panel) => { panel.options.colourMode = panel.options.colorMode; delete panel.options.colorMode; }],
  ['unknown value of an option', 'overview.json', 'stat', (panel) => { panel.options.graphMode = 'areas'; }],
  ['missing option', 'sweep.json', 'table', (panel) => { delete panel.options.showHeader; }],
  ['misspelled custom field option', 'overview.json', 'timeseries', (panel) => { panel.fieldConfig.defaults.custom.fillOpacitiy = 5; }],
  ['unknown value of a custom field option', 'overview.json', 'timeseries', (panel) => { panel.fieldConfig.defaults.custom.drawStyle = 'lines'; }],
  ['number for text', 'soak.json', 'timeseries', (panel) => { panel.fieldConfig.defaults.unit = 5; }],
  ['unknown mode of colour', 'machine-and-cache.json', 'xychart', (panel) => { panel.fieldConfig.defaults.color.mode = 'palette'; }],
  ['unknown property of an override', 'sweep.json', 'table', (panel) => { panel.fieldConfig.overrides[0].properties[0].id = 'custom.widht'; }],
  ['wrong value of an override', 'sweep.json', 'table', (panel) => { panel.fieldConfig.overrides[0].properties.push({ id: 'custom.cellOptions', value: { type: 'gauges' } }); }],
  ['unknown matcher of an override', 'sweep.json', 'table', (panel) => { panel.fieldConfig.overrides[0].matcher.id = 'byNames'; }],
  ['misspelled option of a transformation', 'sweep.json', 'table', (panel) => {
    const { options } = panel.transformations.find(({ id }: Loose) => id === 'organize');
    options.renameByNames = options.renameByName;
  }],
  ['unknown transformation', 'sweep.json', 'xychart', (panel) => { panel.transformations[0].id = 'convertFieldTypes'; }],
  ['misspelled property of a query', 'overview.json', 'heatmap', (panel) => { panel.targets[0].legend = '{{le}}'; }],
  ['unknown format of a query', 'overview.json', 'heatmap', (panel) => { panel.targets[0].format = 'heat map'; }],
  ['option of another kind of panel', 'overview.json', 'heatmap', (panel) => { panel.options.textMode = 'value'; }],
  ['unknown kind of panel', 'overview.json', 'stat', (panel) => { panel.type = 'singlestat'; }],
  ['unknown property of a panel', 'overview.json', 'stat', (panel) => { panel.span = 4; }],
  ['unknown mode of a legend', 'soak.json', 'timeseries', (panel) => { panel.options.legend.placement = 'left'; }],
  ['misspelled threshold', 'soak.json', 'timeseries', (panel) => { panel.fieldConfig.defaults.thresholds.steps[0].colour = 'green'; }],
  ['unknown kind of variable', 'soak.json', 'timeseries', (_, dashboard) => { dashboard.templating.list[1].type = 'queries'; }],
  ['unknown refresh of a variable', 'soak.json', 'timeseries', (_, dashboard) => { dashboard.templating.list[1].refresh = 7; }],
  ['misspelled property of a mark', 'soak.json', 'timeseries', (_, dashboard) => { dashboard.annotations.list[1].color = 'red'; }],
  ['unknown property of a dashboard', 'soak.json', 'timeseries', (_, dashboard) => { dashboard.rows = []; }],
];

/** Each mistake, in a dashboard that has nothing else wrong. */
export const planted = (read: (file: string) => Loose): { name: string; dashboard: Loose }[] => mistakes.map(([name, file, kind, change]) => {
  const dashboard = read(file);
  const panels: Loose[] = dashboard.panels.flatMap((panel: Loose) => [panel, ...(panel.panels ?? [])]);
  change(panels.find(({ type }) => type === kind), dashboard);
  return { name, dashboard };
});
