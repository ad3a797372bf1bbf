// Compiles TypeScript for Jest with esbuild, which the build uses too: all files take half a second, and ten with the TypeScript compiler.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformSync, version } from 'esbuild';

// Errors and prop types go by the names of classes, and esbuild renames a class that refers to itself. Each test file compiles its modules anew: with the
// source maps inside, all of src takes twice as long.
const OPTIONS = { loader: 'ts', format: 'cjs', target: 'node20', keepNames: true, sourcemap: 'external' };

// It names arrow functions each time they are made, which takes a twentieth of the time of checks. They have no prototype, and classes do.
const NAME_HELPER = /(?<=\bvar __name = )\(target, value\) => (?=__defProp\(target, "name")/;
const KEY = [version, readFileSync(fileURLToPath(import.meta.url), 'utf8')].join('\n');

export default {
  getCacheKey: (source, path, { instrument }) => createHash('sha256').update([KEY, path, instrument, source].join('\n')).digest('hex'),
  process(source, path) {
    const { code, map } = transformSync(source, { ...OPTIONS, sourcefile: path });
    return { code: code.replace(NAME_HELPER, '(target, value) => target.prototype === undefined ? target : '), map };
  },
};
