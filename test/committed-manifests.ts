// The YAML of the examples as it is committed in dist/.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { Synthesized } from './synthesized';

/** The folder of all committed manifests. */
export const DIST = join(__dirname, '..', 'dist');

/** The manifests of one example, file after file. */
export function committedManifests(example: string): Synthesized[] {
  const folder = join(DIST, example);
  return readdirSync(folder).filter(file => file.endsWith('.k8s.yaml')).sort()
    .flatMap(file => loadAll(readFileSync(join(folder, file), 'utf8')) as Synthesized[]);
}
