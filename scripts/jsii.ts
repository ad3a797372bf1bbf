// Runs the jsii compiler so that a submodule may list its names: `export { X } from './x'` in `export * as part from './part'`.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as ts from 'typescript';

/**
 * jsii 6.0 follows such a list when it emits types, but not when it decides which submodule a type belongs to, and then calls the
 * type unexported (https://github.com/aws/jsii/issues/2102). Here it sees the type itself in place of the alias.
 */
interface Assembler {
  _typeChecker: ts.TypeChecker;
  _addToSubmodule(...args: unknown[]): void;
}

const lib = join(dirname(require.resolve('jsii/package.json')), 'lib');
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { prototype } = require(join(lib, 'assembler.js')).Assembler as { prototype: Assembler };
const addToSubmodule = prototype._addToSubmodule;

prototype._addToSubmodule = function (this: Assembler, ...args: unknown[]): void {
  const checker = this._typeChecker;
  this._typeChecker = Object.assign(Object.create(checker), {
    getExportsOfModule: (module: ts.Symbol) => checker.getExportsOfModule(module).map(symbol =>
      symbol.declarations?.some(ts.isExportSpecifier) ? checker.getAliasedSymbol(symbol) : symbol),
  });
  try {
    addToSubmodule.apply(this, args);
  } finally {
    this._typeChecker = checker;
  }
};

// The compiler leaves the output of deleted sources behind, and npm would publish it.
rmSync('lib', { recursive: true, force: true });

// eslint-disable-next-line @typescript-eslint/no-require-imports
require(join(lib, 'main.js'));
