// Checks the dashboards as Grafana will read them, without Grafana: npm run check. One line says of each thing what became
// of it (ok or missing), so that DashboardTypeTests can show each as a test.
//   types FILE     the JSON compiles against Grafana's published types: no property and no value that Grafana does not know
//   source FILE    the JSON is what grafana/source writes
//   planted NAME   an error that was put in on purpose is found: the check can fail
//   version        the types are those of the Grafana that compose.yaml pins
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as ts from 'typescript';
import { all, written } from '../../grafana/source/all';
import { grafana } from '../../grafana/source/panels';
import { planted } from './planted';

const here = resolve(__dirname, '../../..');
const repository = resolve(here, '../..');
const folder = join(repository, 'grafana/dashboards');

/** Files that exist for the compiler only: a dashboard, declared to be one. */
const virtual = new Map<string, string>();
const declare = (name: string, json: string): string => {
  const path = join(here, `${name}.virtual.ts`);
  virtual.set(path, `import type { Dashboard } from '../../grafana/source/types';\nexport const dashboard: Dashboard =\n${json};\n`);
  return path;
};

const files = readdirSync(folder).filter((file) => file.endsWith('.json')).sort();
const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
const declared = new Map(files.map((file) => [file, declare(file, texts.get(file)!)]));
const mistakes = planted((file) => JSON.parse(texts.get(file)!)).map(({ name, dashboard }) => ({ name, path: declare(`planted ${name}`, JSON.stringify(dashboard, null, 2)) }));

const settings = ts.readConfigFile(join(here, 'tsconfig.json'), ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(settings.config, ts.sys, here);
const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
host.getSourceFile = (path, version, ...others) => {
  const text = virtual.get(resolve(path));
  return text === undefined ? getSourceFile(path, version, ...others) : ts.createSourceFile(path, text, version);
};
host.fileExists = (path) => virtual.has(resolve(path)) || fileExists(path);
host.readFile = (path) => virtual.get(resolve(path)) ?? readFile(path);

const program = ts.createProgram([...virtual.keys()], { ...options, noEmit: true }, host);

/** What the compiler says of a file, each with the panel it stands in. */
const errors = (path: string): string[] => {
  const source = program.getSourceFile(path)!;
  return ts.getPreEmitDiagnostics(program, source).map((found) => {
    const message = ts.flattenDiagnosticMessageText(found.messageText, ' ').slice(0, 400);
    const before = source.text.slice(0, found.start ?? 0);
    const titles = [...before.matchAll(/"title": "([^"]*)",\n\s*"description"/g)];
    return `${titles.at(-1)?.[1] ?? 'before the first panel'}, line ${before.split('\n').length - 2}: ${message}`;
  });
};

let isFine = true;
const say = (what: string, faults: string[]): void => {
  isFine &&= faults.length === 0;
  console.log(faults.length === 0 ? `ok ${what}` : `missing ${what}: ${faults.slice(0, 5).join(' | ')}`);
};

const pinned = /image: grafana\/grafana:(\S+)/.exec(readFileSync(join(repository, 'compose.yaml'), 'utf8'))?.[1];
const published = ['schema', 'data'].map((name) =>
  (JSON.parse(readFileSync(join(here, `node_modules/@grafana/${name}/package.json`), 'utf8')) as { version: string }).version);
say('version', [grafana, ...published].filter((version) => version !== pinned).map((version) => `${version} is not ${pinned}, the Grafana of compose.yaml`));

for (const file of files) say(`types ${file}`, errors(declared.get(file)!));
for (const file of [...new Set([...files, ...Object.keys(all)])].sort()) {
  const isWritten = all[file] !== undefined && texts.get(file) === written(all[file]);
  say(`source ${file}`, isWritten ? [] : ['not what grafana/source writes: npm run generate']);
}
for (const { name, path } of mistakes) say(`planted ${name}`, errors(path).length > 0 ? [] : ['not found']);
process.exitCode = isFine ? 0 : 1;
