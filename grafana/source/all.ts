import { dashboard } from './dashboard';
import { dotnetRuntime } from './dotnet-runtime';
import { machineAndCache } from './machine-and-cache';
import { overview } from './overview';
import { requests } from './requests';
import { soak } from './soak';
import { sweep } from './sweep';
import type { Dashboard } from './types';
import { whereTheTimeGoes } from './where-the-time-goes';

/** Every dashboard, by the name of its file. */
export const all: Record<string, Dashboard> = {
  'dotnet-runtime.json': dashboard(dotnetRuntime),
  'machine-and-cache.json': dashboard(machineAndCache),
  'overview.json': dashboard(overview),
  'requests.json': dashboard(requests),
  'soak.json': dashboard(soak),
  'sweep.json': dashboard(sweep),
  'where-the-time-goes.json': dashboard(whereTheTimeGoes),
};

/** The text of a file. */
export const written = (dashboard: Dashboard): string => `${JSON.stringify(dashboard, null, 2)}\n`;
