// The build step that makes the compiled package load each file at its first use.
import { lazyExports, lazyImports } from '../scripts/lazy-exports';

const COMPILED = `"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.istio = exports.B = exports.A = void 0;
var a_1 = require("./edge/a");
Object.defineProperty(exports, "A", { enumerable: true, get: function () { return a_1.A; } });
Object.defineProperty(exports, "B", { enumerable: true, get: function () { return a_1.B; } });
exports.istio = __importStar(require("../imports/istio"));
`;

test('every export becomes a getter that loads its file', () => {
  const loaded: string[] = [];
  const exported: Record<string, unknown> = {};
  new Function('exports', 'require', lazyExports(COMPILED))(exported, (path: string) => {
    loaded.push(path);
    return { A: `A of ${path}`, B: `B of ${path}` };
  });
  expect([Object.keys(exported), loaded]).toEqual([['A', 'B', 'istio'], []]);
  expect(exported.B).toBe('B of ./edge/a');
  expect(exported.istio).toEqual({ A: 'A of ../imports/istio', B: 'B of ../imports/istio' });
  expect(loaded).toEqual(['./edge/a', '../imports/istio']);
});

test('ES modules can read the names', () => {
  expect(lazyExports(COMPILED)).toContain('0 && (module.exports = { A, B, istio });');
});

test('an entry that exports whole files is refused: their names cannot be known', () => {
  expect(() => lazyExports(`${COMPILED}__exportStar(require("./edge/b"), exports);\n`)).toThrow(/something other than names/);
  expect(() => lazyExports('')).toThrow(/something other than names/);
});

describe('a file but the entry', () => {
  const FILE = 'const cdk8s_1 = require("cdk8s");\nconst a_1 = require("./a");\nexports.make = () => new a_1.A((0, a_1.b)(cdk8s_1.c));\n';

  it('loads files of the package when they are used, once, and packages at once', () => {
    const loaded: string[] = [];
    const exported: Record<string, () => unknown> = {};
    new Function('exports', 'require', lazyImports(FILE))(exported, (path: string) => {
      loaded.push(path);
      return path === 'cdk8s' ? { c: 1 } : { A: class { constructor(public readonly value: number) {} }, b: (value: number) => value + 1 };
    });
    expect(loaded).toEqual(['cdk8s']);
    expect([exported.make(), exported.make()]).toEqual([{ value: 2 }, { value: 2 }]);
    expect(loaded).toEqual(['cdk8s', './a']);
  });

  it('is refused where it uses another one as a whole', () => {
    expect(() => lazyImports(`${FILE}exports.all = a_1;\n`)).toThrow('a_1 is used as a whole: import names of it instead');
  });
});
