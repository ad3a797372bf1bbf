// Makes the compiled main entry load each part at its first use: a program pays for what it names, and nobody waits for the rest.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Rewrites what `tsc` makes of `export { X } from './y'` and `export * as x from './y'`. Throws for an entry of any other shape. */
export function lazyExports(compiled: string): string {
  const modules = new Map([...compiled.matchAll(/^(?:var|const) (\w+) = require\((".*?")\);$/gm)].map(([, name, path]) => [name, path]));
  const named = [...compiled.matchAll(/^Object\.defineProperty\(exports, "(\w+)", .*return (\w+)\.\1; } }\);$/gm)];
  const namespaces = [...compiled.matchAll(/^exports\.(\w+) = __importStar\(require\((".*?")\)\);$/gm)];
  if (/__exportStar\(require/.test(compiled) || named.length === 0) {
    throw new Error('the compiled entry exports something other than names and namespaces');
  }
  const getters = [
    ...named.map(([, name, module]) => [name, `require(${modules.get(module)}).${name}`]),
    ...namespaces.map(([, name, path]) => [name, `require(${path})`]),
  ];
  return [
    '"use strict";',
    'Object.defineProperty(exports, "__esModule", { value: true });',
    'const lazy = (name, get) => Object.defineProperty(exports, name, { enumerable: true, get });',
    ...getters.map(([name, value]) => `lazy("${name}", () => ${value});`),
    '// Never runs. It tells ES modules, which read the names without running the file, what they can import.',
    `0 && (module.exports = { ${getters.map(([name]) => name).join(', ')} });`,
    '',
  ].join('\n');
}

if (require.main === module) {
  const entry = join(__dirname, '..', 'lib', 'src', 'index.js');
  writeFileSync(entry, lazyExports(readFileSync(entry, 'utf8')));
}
