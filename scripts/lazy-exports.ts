// Makes the compiled package load each file at its first use: a program pays for what it names, and nobody waits for the rest.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
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

/** Rewrites what `tsc` makes of imports of the package's own files, in any file but the doors. Throws where one is used as a whole. */
export function lazyImports(compiled: string): string {
  const imports = [...compiled.matchAll(/^(?:var|const) (\w+) = require\(("\.{1,2}\/[^"]+")\);$/gm)];
  return imports.reduce((text, [line, name, path]) => {
    const [before, after] = text.split(line);
    const used = (code: string) => code.replace(new RegExp(`\\b${name}\\.`, 'g'), `${name}.loaded.`);
    const onFirstUse = `var ${name} = { get loaded() { return Object.defineProperty(this, "loaded", { value: require(${path}) }).loaded; } };`;
    const rewritten = used(before) + onFirstUse + used(after);
    if (new RegExp(`\\b${name}\\b(?!\\.loaded\\.| = \\{)`).test(rewritten)) {
      throw new Error(`${name} is used as a whole: import names of it instead`);
    }
    return rewritten;
  }, compiled);
}

if (require.main === module) {
  const compiled = join(__dirname, '..', 'lib', 'src');
  const doors = ['index.js', 'inspect.js'].map(name => join(compiled, name));
  for (const file of readdirSync(compiled, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name);
    if (file.name.endsWith('.js')) {
      writeFileSync(path, (doors.includes(path) ? lazyExports : lazyImports)(readFileSync(path, 'utf8')));
    }
  }
}
