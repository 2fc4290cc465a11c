// Colours and thresholds that mean the same on every dashboard.
import { colours, field, fixed } from './panels';
import type { DataKind, Override, Properties, Standard } from './types';

/** States of an account, from the bottom of a stack to its top. */
export const stateColours = {
  running: 'green', preempted: 'red', waking: 'orange', blocked: 'blue', gc: 'purple', unknown: 'gray',
} as const;

export const states = <K extends DataKind>(): Override<K>[] => colours<K>(stateColours);

/** States of a request: it has those of its threads, and two in which no thread works on it. */
export const requestStates = <K extends DataKind>(): Override<K>[] => colours<K>({ ...stateColours, queued: 'yellow', awaiting: 'light-blue' });

/** Generations of the managed heap: of one colour, the older the darker. */
export const generations = <K extends DataKind>(): Override<K>[] => colours<K>({
  gen0: 'light-purple', gen1: 'purple', gen2: 'dark-purple', loh: 'super-light-purple', poh: 'semi-dark-purple', none: 'gray',
});

/** What blocked time waited for has the colour of what the waker did. */
export const causes = <K extends DataKind>(): Override<K>[] => [
  ...states<K>(), ...colours<K>({ sleeping: 'blue', other_process: 'yellow', interrupt: 'light-blue', asynchronous: 'super-light-blue', unexplained: 'gray' }),
];

/** Causes of wall time: shades of red for want of a CPU, of blue for waiting, otherwise as the states. */
export const whys = <K extends DataKind>(): Override<K>[] => colours<K>({
  work: 'green', workers: 'light-green', neighbour: 'red', own_threads: 'semi-dark-red', affinity: 'light-red', priority: 'super-light-red', throttled: 'dark-red',
  steal: 'dark-orange', wake_up: 'orange', gc: 'purple', lock: 'blue', waiting: 'light-blue', io: 'dark-blue', sync_over_async: 'semi-dark-yellow', pool_starvation: 'semi-dark-blue', network: 'semi-dark-purple', stopped: 'dark-purple', timer: 'super-light-blue',
  other_process: 'yellow', queue: 'light-yellow', awaiting: 'super-light-blue', page_faults: 'dark-yellow', memory: 'light-purple', observer: 'light-orange', observer_start: 'super-light-orange', unknown: 'gray',
});

export const upOrDown: NonNullable<Standard['mappings']> = [
  { type: 'value', options: { 1: { text: 'up', color: 'green', index: 0 }, 0: { text: 'down', color: 'red', index: 1 } } },
];

export const soakOutcomes: NonNullable<Standard['mappings']> = [
  {
    type: 'value',
    options: {
      0: { text: 'holds', color: 'green', index: 0 }, 1: { text: 'inconclusive', color: 'orange', index: 1 }, 2: { text: 'fails', color: 'red', index: 2 },
    },
  },
];

export const upSteps: [string, number?][] = [['red'], ['green', 1]];

/** A share in a cell, as a bar. */
export const shareCell = (colour: string, decimals = 0): Properties<'table'> => ({
  unit: 'percentunit', 'custom.cellOptions': { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' }, min: 0, max: 1, decimals, color: fixed(colour),
});

/** The same where there is no room for a bar. */
export const stateCell = (colour: string): Properties<'table'> => ({
  unit: 'percentunit', 'custom.cellOptions': { type: 'color-text' }, decimals: 1, color: fixed(colour),
});

export const cacheCell: Properties<'table'> = {
  unit: 'none', 'custom.cellOptions': { type: 'color-text' },
  mappings: [{
    type: 'value',
    options: {
      1: { text: 'L1', color: 'green', index: 0 }, 2: { text: 'L2', color: 'light-green', index: 1 },
      3: { text: 'L3', color: 'yellow', index: 2 }, 4: { text: 'memory', color: 'orange', index: 3 },
    },
  }],
};

/** On an axis of its own. */
export const onTheRight = (name: string, unit: string, colour: string): Override<'timeseries'> =>
  field<'timeseries'>(name, { unit, 'custom.axisPlacement': 'right', color: fixed(colour) });

/** Reasons for emptiness that many panels share. */
export const empty = {
  iterations: 'No iteration has ended in this time',
  requests: 'No request has ended in this time, or the program has no ASP.NET Core server: docs/units.md',
  recent: 'No iteration has ended in the last minutes',
  limits: 'The limits of the machine were not measured: run the sweep with --results or --once',
  counters: 'No hardware counters: most virtual machines have none, and doctor says why',
  collector: 'The collector is not reached',
  workload: 'The workload is not reached',
  scraped: 'Prometheus has scraped nothing yet',
  verbose: 'Nothing of the kind has happened, or the collector runs below --runtime-events verbose',
} as const;
