// The folders of dist that are applied: those with a Kustomization.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Paths below dist, such as `bookinfo` or `fleet/dev-eu-west-1`. */
export function folders(): string[] {
  const files = readdirSync(join(__dirname, '..', '..', 'dist'), { recursive: true, encoding: 'utf8' });
  return files.filter(file => /(^|\/)[Kk]ustomization(\.yaml)?$/.test(file)).map(dirname).sort();
}
