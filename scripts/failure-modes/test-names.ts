// Extracts test titles from the source of a test file.
import * as ts from 'typescript';

/** A test title as it appears in the source. */
export interface NamedTest {
  readonly title: string;
  /** For `test.each` or a template literal: matches the titles that it produces. */
  readonly pattern?: RegExp;
}

const RUNNERS = ['test', 'it'];
const READ = new Map<string, readonly NamedTest[]>();

/** Titles of `test` and `it`, also with `each`, and of functions in the file that pass a title to them. `skip` and `todo` are excluded. */
export function testNames(source: string): readonly NamedTest[] {
  const known = READ.get(source) ?? readNames(source);
  READ.set(source, known);
  return known;
}

function readNames(source: string): NamedTest[] {
  const file = ts.createSourceFile('test.ts', source, ts.ScriptTarget.ES2022, true);
  const nodes = nodesBelow(file);
  const calls = nodes.filter(ts.isCallExpression);
  const wrappers = new Map(nodes.filter(ts.isFunctionDeclaration).map((declared): [string, number] => [
    declared.name?.text ?? '', declared.parameters.findIndex(({ name }) => calls.some(call => isRunner(call.expression)
      && isBelow(call, declared) && call.arguments[0]?.getText() === name.getText())),
  ]));
  return calls.flatMap((call): NamedTest[] => {
    const { expression: callee } = call;
    if (isRunner(callee)) {
      return titleOf(call.arguments[0], false);
    }
    if (ts.isCallExpression(callee) && isEach(callee.expression)) {
      return titleOf(call.arguments[0], true);
    }
    const place = ts.isIdentifier(callee) ? wrappers.get(callee.text) ?? -1 : -1;
    return place < 0 ? [] : titleOf(call.arguments[place], false);
  });
}

/** Whether the source has a test with that title: literally, or with values that occur as literals in the file. */
export function namesTest(source: string, name: string): boolean {
  return testNames(source).some(({ title, pattern }) => title === name
    || (pattern?.exec(name)?.slice(1).every(value => [`'${value}'`, `"${value}"`, `\`${value}\``].some(literal => source.includes(literal))) ?? false));
}

function titleOf(node: ts.Expression | undefined, each: boolean): NamedTest[] {
  if (node && (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node))) {
    return [each ? { title: node.text, pattern: patternOf(node.text.split(/%[psdifjo#]|\$[\w.]+/)) } : { title: node.text }];
  }
  if (node && ts.isTemplateExpression(node)) {
    return [{ title: node.getText().slice(1, -1), pattern: patternOf([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)]) }];
  }
  return [];
}

function patternOf(parts: readonly string[]): RegExp {
  return new RegExp(`^${parts.map(part => part.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('(.+)')}$`);
}

function isRunner(node: ts.Node): boolean {
  return ts.isIdentifier(node) && RUNNERS.includes(node.text);
}

function isEach(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && node.name.text === 'each' && isRunner(node.expression);
}

function isBelow(node: ts.Node, parent: ts.Node): boolean {
  return node.pos >= parent.pos && node.end <= parent.end;
}

function nodesBelow(node: ts.Node): ts.Node[] {
  return [node, ...node.getChildren().flatMap(nodesBelow)];
}
