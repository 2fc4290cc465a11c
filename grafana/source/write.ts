// Writes the dashboards into a folder: npm run generate, in tests/dashboards.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { all, written } from './all';

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node write.js FOLDER');
for (const [file, dashboard] of Object.entries(all)) writeFileSync(join(folder, file), written(dashboard));
