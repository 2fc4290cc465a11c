// Takes pictures of every dashboard in Chromium, on what record.sh has recorded:
//   npm ci && node pictures.mjs RECORDING PICTURES [ONLY]
// RECORDING is record.sh's folder; ONLY names a part of the pictures. Needs Node 20, chromium and prometheus in PATH.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import puppeteer from 'puppeteer-core';

const [recording, pictures, only = ''] = process.argv.slice(2);
if (!recording || !pictures) throw new Error('usage: node pictures.mjs RECORDING PICTURES [ONLY]');
const here = dirname(fileURLToPath(import.meta.url));
const dashboards = resolve(here, '../../../grafana/dashboards');
mkdirSync(pictures, { recursive: true });

// Beginning and end of each scene.
const scenes = readFileSync(join(recording, 'scenes'), 'utf8').trim().split('\n').map((line) => [Number(line.slice(0, 10)), line.slice(11)]);
const starts = (name) => scenes.find(([, scene]) => scene === name)[0];
const ends = (name) => scenes[scenes.findIndex(([, scene]) => scene === name) + 1][0];
const begin = scenes[0][0], end = scenes.at(-1)[0];

/** Name of the picture, dashboard, and the time that it shows. */
const shots = [
  ['overview', 'overview', begin, ends('two busy loops')],
  ['overview-quota', 'overview', begin, ends('a quota of 0.3 CPUs')],
  ['overview-restart', 'overview', begin, end],
  ['where-the-time-goes', 'where-the-time-goes', begin, ends('two busy loops')],
  ['where-the-time-goes-quota', 'where-the-time-goes', begin, ends('a quota of 0.3 CPUs')],
  ['sweep', 'sweep', begin, ends('quiet')],
  ['machine-and-cache', 'machine-and-cache', begin, ends('two busy loops')],
  ['dotnet-runtime', 'dotnet-runtime', starts('collections') - 30, ends('collections') - 4],
  ['soak', 'soak', begin, end],
].filter(([name]) => name.includes(only));

const { outputFiles: [bundle, style] } = await build({
  // Not the settings of the folder above, which look for packages there.
  tsconfigRaw: '{}', entryPoints: [join(here, 'preview.tsx')], bundle: true, write: false, outdir: 'out', format: 'iife', jsx: 'transform', minify: true,
  define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' }, loader: { '.ttf': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl', '.svg': 'dataurl', '.png': 'dataurl' }, logLevel: 'error',
});
const isStyle = (file) => file.path.endsWith('.css');
const script = isStyle(bundle) ? style : bundle, css = isStyle(bundle) ? bundle : style;

const port = 39091;
const prometheus = spawn('prometheus', [`--config.file=${join(here, 'nothing.yml')}`, `--storage.tsdb.path=${join(recording, 'data')}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=error', '--storage.tsdb.retention.time=10y'], { stdio: 'inherit' });
const source = `http://127.0.0.1:${port}`;
for (let tries = 0; ; tries += 1) {
  if (prometheus.exitCode !== null || tries > 300) throw new Error('Prometheus does not answer');
  if (await fetch(`${source}/-/ready`).then((answer) => answer.ok, () => false)) break;
  await new Promise((done) => setTimeout(done, 200));
}

const icons = join(here, 'node_modules/@grafana/ui/dist/public');
const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  const send = (type, body) => response.writeHead(200, { 'content-type': type }).end(body);
  if (pathname === '/') send('text/html', `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/preview.css"><body style="margin:0"><script>window.__grafana_public_path__ = '/public/';</script><div id="root"></div><script src="/preview.js"></script>`);
  else if (pathname === '/preview.js') send('text/javascript', script.contents);
  else if (pathname === '/preview.css') send('text/css', css?.contents ?? '');
  else if (pathname.startsWith('/dashboards/')) send('application/json', readFileSync(join(dashboards, pathname.slice(12))));
  else if (pathname.startsWith('/prometheus/')) {
    const body = await new Promise((done) => { let text = ''; request.on('data', (part) => { text += part; }).on('end', () => done(text)); });
    const answer = await fetch(source + pathname.slice(11), { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    send('application/json', await answer.text());
  } else if (existsSync(join(icons, pathname.replace('/public/build', '')))) send('image/svg+xml', readFileSync(join(icons, pathname.replace('/public/build', ''))));
  else response.writeHead(404).end();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');

const browser = await puppeteer.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--hide-scrollbars'] });
let faults = 0;
try {
  for (const [name, dashboard, from, to] of shots) {
    // The program with many collections has a collector of its own.
    const collector = dashboard === 'dotnet-runtime' ? '127.0.0.1:39466' : '127.0.0.1:39465';
    for (const [width, height] of [[1366, 768], [1920, 1080]]) {
      for (const theme of ['dark', 'light']) {
        for (const whole of width === 1366 && theme === 'dark' ? [0, 1] : [0]) {
          const page = await browser.newPage();
          // Tables draw the rows that can be seen.
          await page.setViewport({ width, height: whole ? 3400 : height });
          page.on('pageerror', (error) => { faults += 1; console.error(`${name}: ${error.message}`); });
          await page.goto(`http://127.0.0.1:${server.address().port}/?${new URLSearchParams({ dashboard, from, to, theme, whole, scrape: 2, window: '1m', workload: '127.0.0.1:39464', collector })}`);
          await page.waitForSelector('body.ready', { timeout: 120000 });
          const wrong = await page.$$eval('.preview-error', (found) => found.map((one) => one.textContent));
          faults += wrong.length;
          wrong.forEach((text) => console.error(`${name}: ${text}`));
          const file = `${name}-${width}-${theme}${whole ? '-whole' : ''}.png`;
          writeFileSync(join(pictures, file), await page.screenshot({ fullPage: Boolean(whole) }));
          console.log(file);
          await page.close();
        }
      }
    }
  }
} finally {
  await browser.close();
  server.close();
  prometheus.kill('SIGTERM');
}
process.exitCode = faults === 0 ? 0 : 1;
