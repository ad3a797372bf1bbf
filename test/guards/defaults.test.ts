// Every prop that can be left out says what happens then.
import * as ts from 'typescript';
import { importsOf, parsed, typescriptFiles } from './source-tree';

interface Exported {
  readonly file: string;
  readonly declaration: ts.InterfaceDeclaration;
}

/** The interfaces of the public API, at the top of the package and in its submodules. */
function publicInterfaces(): Exported[] {
  return ['src/index.ts', ...typescriptFiles('src/api')].flatMap(importsOf).filter(({ to }) => to.startsWith('src/') && !to.startsWith('src/api/')).flatMap(({ to, names }) => parsed(to).statements
    .filter(ts.isInterfaceDeclaration)
    .filter(({ modifiers, name }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) && (names[0] === '*' || names.includes(name.text)))
    .map(declaration => ({ file: to, declaration })));
}

test('every optional prop of a public interface has a @default', () => {
  const interfaces = publicInterfaces();
  expect(interfaces.map(({ declaration }) => declaration.name.text)).toEqual(expect.arrayContaining(['AlbOptions', 'RetryPolicy', 'BookinfoProps', 'AlbIstioEdgeProps']));
  const missing = interfaces.flatMap(({ file, declaration }) => declaration.members
    .filter(member => member.questionToken && !member.name?.getText().startsWith('_') && !ts.getJSDocTags(member).some(({ tagName, comment }) => tagName.text === 'default' && comment))
    .map(member => `${file} ${declaration.name.text}.${member.name!.getText()}`));
  expect(missing).toEqual([]);
});

test('every public interface and each of its props is described and read-only', () => {
  const wrong = publicInterfaces().flatMap(({ declaration }) => [declaration, ...declaration.members.filter(ts.isPropertySignature)].filter(node => {
    const readable = ts.isInterfaceDeclaration(node) || node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ReadonlyKeyword);
    return !readable || !ts.getJSDocCommentsAndTags(node).some(doc => ts.isJSDoc(doc) && doc.comment);
  }).map(node => `${declaration.name.text}.${node.name!.getText()}`));
  expect(wrong).toEqual([]);
});
