// Names of metrics that several dashboards ask for.

/** Of the target as /proc tells, on the collector's page. */
export const target = {
  memory: 'observatory_target_memory_usage_bytes',
  faults: 'observatory_target_page_faults_total',
  switches: 'observatory_target_context_switches_total',
} as const;
