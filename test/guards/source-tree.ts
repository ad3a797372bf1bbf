// The source files of the repository and what they import, read with the TypeScript parser.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import * as ts from 'typescript';

/** Root of the repository. */
export const ROOT = join(__dirname, '..', '..');

/** One import: of another file (path from the root) or of a package. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly isPackage: boolean;
  readonly typeOnly: boolean;
  /** Names that are imported; `*` for all. */
  readonly names: readonly string[];
}

/** All files and folders below some folders of the repository, as paths from its root. */
export function entriesBelow(...folders: string[]): string[] {
  return folders.filter(folder => existsSync(join(ROOT, folder)))
    .flatMap(folder => (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).map(entry => `${folder}/${entry}`))
    .sort();
}

/** TypeScript files below some folders. */
export function typescriptFiles(...folders: string[]): string[] {
  return entriesBelow(...folders).filter(entry => entry.endsWith('.ts'));
}

/** The text of a file. */
export function textOf(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** The syntax tree of a file. */
export function parsed(file: string): ts.SourceFile {
  return ts.createSourceFile(file, textOf(file), ts.ScriptTarget.ES2022, true);
}

/** All nodes below a node, itself included. */
export function nodesBelow(node: ts.Node): ts.Node[] {
  return [node, ...node.getChildren().flatMap(nodesBelow)];
}

/** The imports of a file: `import`, `export … from`, `import()` and `require`. */
export function importsOf(file: string): Import[] {
  return nodesBelow(parsed(file)).flatMap(node => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
      return [toImport(file, (node.moduleSpecifier as ts.StringLiteral).text, ...namesOf(node))];
    }
    const called = ts.isCallExpression(node) && ['import', 'require', 'require.resolve'].includes(node.expression.getText()) ? node.arguments[0] : undefined;
    return called ? [toImport(file, ts.isStringLiteral(called) ? called.text : called.getText(), false, ['*'])] : [];
  });
}

function namesOf(node: ts.ImportDeclaration | ts.ExportDeclaration): [typeOnly: boolean, names: string[]] {
  const clause = ts.isImportDeclaration(node) ? node.importClause?.namedBindings : node.exportClause;
  const named = clause && (ts.isNamedImports(clause) || ts.isNamedExports(clause)) ? [...clause.elements] : undefined;
  const whole = ts.isImportDeclaration(node) ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword : node.isTypeOnly;
  return [whole || (named?.every(each => each.isTypeOnly) ?? false), named?.map(each => (each.propertyName ?? each.name).text) ?? ['*']];
}

function toImport(from: string, specifier: string, typeOnly: boolean, names: string[]): Import {
  if (!specifier.startsWith('.')) {
    return { from, to: specifier, isPackage: true, typeOnly, names };
  }
  const path = relative(ROOT, join(ROOT, dirname(from), specifier));
  const to = [`${path}.ts`, `${path}/index.ts`, path].find(candidate => existsSync(join(ROOT, candidate))) ?? path;
  return { from, to, isPackage: false, typeOnly, names };
}
