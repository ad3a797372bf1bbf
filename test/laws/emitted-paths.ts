// Which fields of Istio's objects a run has emitted: list indices as [], keys of maps as {}.
import { readFileSync, writeFileSync } from 'node:fs';

/** Fields whose keys are names that users choose. */
const MAPS = [
  /(^|\.)(labels|matchLabels|annotations|sourceLabels|portLevelMtls|customTags|tagOverrides|queryParams|withoutHeaders|allocateTags|nodeSelector)$/,
  /\.match\[\]\.headers$/, /\.headers\.(request|response)\.(set|add)$/, /^Gateway\.spec\.selector$/, /\.distribute\[\]\.to$/, /\.endpoints\[\]\.ports$/,
];

/** Adds the paths of all fields below a value, leaves and what leads to them. */
export function addPaths(found: Set<string>, value: unknown, path: string): void {
  found.add(path);
  if (Array.isArray(value)) {
    value.forEach(item => addPaths(found, item, `${path}[]`));
  } else if (typeof value === 'object' && value !== null) {
    const isMap = MAPS.some(pattern => pattern.test(path));
    Object.entries(value).forEach(([key, part]) => addPaths(found, part, isMap ? `${path}{}` : `${path}.${key}`));
  }
}

/** Writes the paths, together with those that are there, to the file that EMITTED_PATHS names. */
export function keepPaths(found: ReadonlySet<string>): void {
  const file = process.env.EMITTED_PATHS;
  if (file) {
    let known: string[] = [];
    try {
      known = JSON.parse(readFileSync(file, 'utf8')) as string[];
    } catch {
      // The first of the tests finds none.
    }
    writeFileSync(file, `${JSON.stringify([...new Set([...known, ...found])].sort(), null, 2)}\n`);
  }
}
