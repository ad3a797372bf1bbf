// YAML that kubectl reads and YAML 1.2 refuses. The values were read with k8s.io/apimachinery v0.35.3 (sigs.k8s.io/yaml 1.6), as kubectl reads files.
import { UnreadableManifest } from '../../src/base/errors';
import { linesOf, readDocuments, readYaml } from '../../src/manifests/yaml';

const OBJECT = 'apiVersion: v1\nkind: ConfigMap\n';
const data = (text: string) => (readYaml(`${OBJECT}data: ${text}\n`)[0].object as { data: unknown }).data;

function failure(text: string): UnreadableManifest {
  try {
    readDocuments(text, 'some.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableManifest);
    return error as UnreadableManifest;
  }
  throw new Error('it was read');
}

describe('is read as kubectl reads it', () => {
  test.each<[what: string, text: string, value: unknown]>([
    ['a closing ] in the column of the key', '[\n  a,\n]', ['a']],
    ['a closing } in the column of the key', '{\n  a: b\n}', { a: 'b' }],
    ['both, one in the other', '{\n  a: [\n    b\n  ],\n  c: [\n{ d: e }\n]\n}', { a: ['b'], c: [{ d: 'e' }] }],
    ['entries in the column of the key', '[\na,\nb ]', ['a', 'b']],
    ['a string without quotes that goes on in the column of the key', '[a\nb]', ['a b']],
    ['a string in single quotes', '\'a\nb\'', 'a b'],
    ['a string in double quotes', '"a\n\nb \\\nc"', 'a\nb c'],
    ['JSON in a string', '\'[{"HTTP":80},\n{"HTTPS":443}]\'', '[{"HTTP":80}, {"HTTPS":443}]'],
    ['a bracket of a string', '"a\n]"', 'a ]'],
    ['a comment between', '[ # one\n# two\na\n]', ['a']],
    ['a tab', '{\n\t"a": 1\n}', { a: 1 }],
    ['booleans of YAML 1.1', '[\nyes, off\n]', [true, false]],
    ['an anchor', '[\n&a b, *a\n]', ['b', 'b']],
  ])('%s', (_, text, value) => {
    expect(data(text)).toEqual(value);
  });

  test('with a deeper line than the indentation that is added', () => {
    const depth = 80;
    const text = Array.from({ length: depth }, (_, index) => `${' '.repeat(index)}a:`).join('\n');
    expect(JSON.stringify(readDocuments(`${text} [\n]\n`, 'a.yaml')[0])).toBe(`${'{"a":'.repeat(depth)}[]${'}'.repeat(depth)}`);
  });

  test.each(['\n', '\r\n', '\r'])('and lines keep their numbers with the line break %j', lineBreak => {
    const text = `${OBJECT}data: [\n]\n---\n${OBJECT}data: {\na: "b\nc"\n}\nmetadata: { name: x }\n`.replaceAll('\n', lineBreak);
    expect(readYaml(text, 'a.yaml').map(({ origin }) => origin)).toEqual([{ file: 'a.yaml', document: 1, line: 1 }, { file: 'a.yaml', document: 2, line: 6 }]);
    expect(linesOf(text.slice(text.indexOf('---')), 'a.yaml').get('/metadata/name')).toBe(8);
    expect(linesOf(text.slice(text.indexOf('---')), 'a.yaml').get('/data/a')).toBe(5);
  });

  test('a thousand such lines in a second', () => {
    const text = Array.from({ length: 1000 }, (_, index) => `${OBJECT}metadata: {\n  name: a${index}\n}\n`).join('---\n');
    expect(readYaml(text)).toHaveLength(1000);
  });
});

describe('what kubectl refuses, too, is an error at its line', () => {
  test.each<[what: string, text: string, document: number, line: number, reason: string]>([
    ['a missing bracket', `${OBJECT}data: [a\n---\n${OBJECT}`, 1, 4, 'deficient indentation; a bracket or quotation mark before this line may not be closed'],
    ['a missing bracket, at the line that shows it', `${OBJECT}a: [\n]\nb: [c\nmetadata: x\n`, 1, 6, 'deficient indentation'],
    ['a missing quote', `${OBJECT}data: "a\nmetadata: x\n`, 1, 4, 'deficient indentation'],
    ['a document that begins within brackets', `${OBJECT}data: [\n---\n]\n`, 1, 4, 'may not be closed'],
    ['a document that ends within quotes', `${OBJECT}data: "a\n...\n"\n`, 1, 4, 'deficient indentation'],
    ['a duplicate key after brackets', `${OBJECT}a: [\n]\nb: 1\nb: 2\n`, 1, 6, 'duplicated mapping key'],
    ['a tab between keys after brackets', `${OBJECT}a: [\n]\nb:\n\tc: 2\n`, 1, 6, 'tab'],
    ['a faulty document after one with brackets', 'a: [\n]\n---\n---\nb: {\n}\nc: *d\n', 3, 7, 'unidentified alias'],
  ])('%s', (_, text, document, line, reason) => {
    const { message, ...error } = failure(text);
    expect({ message, ...error }).toMatchObject({ message: expect.stringContaining(reason), file: 'some.yaml', document, line });
  });

  test('also where finding all of its lines would take minutes', () => {
    const text = `data: {\n${Array.from({ length: 20_000 }, (_, index) => `"key-of-${index}": "value-of-${index}"`).join(',\n')}\n}\n`;
    expect(failure(text)).toMatchObject({ document: 1, line: 2, reason: expect.stringContaining('deficient indentation') });
  });
});
