import { UnreadableManifest } from '../../src/base/errors';
import { readYaml } from '../../src/manifests/yaml';

const OBJECT = 'apiVersion: v1\nkind: ConfigMap\n';
const data = (text: string) => (readYaml(`${OBJECT}data: ${text}\n`)[0].object as { data: unknown }).data;

function failure(text: string): UnreadableManifest {
  try {
    readYaml(text, 'some.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableManifest);
    return error as UnreadableManifest;
  }
  throw new Error('it was read');
}

describe('origins', () => {
  test('a manifest has its file, its document and the line of its first content', () => {
    const text = `# A comment.\n---\n# Nothing here.\n---\n\n# Another.\n${OBJECT}---\n---\n{"apiVersion": "v1", "kind": "Secret"}\n`;
    expect(readYaml(text, 'a.yaml').map(manifest => [manifest.object.kind, manifest.origin])).toEqual([
      ['ConfigMap', { file: 'a.yaml', document: 2, line: 7 }],
      ['Secret', { file: 'a.yaml', document: 4, line: 11 }],
    ]);
  });

  test.each(['\n', '\r\n', '\r'])('lines are counted with the line break %j', lineBreak => {
    const text = `${OBJECT}---\n# A comment.\n${OBJECT}`.replace(/\n/g, lineBreak);
    expect(readYaml(text).map(manifest => 'line' in manifest.origin && manifest.origin.line)).toEqual([1, 5]);
  });

  test.each(['', '\n', '# only a comment\n', '---\n---\n', '---\n...\n'])('%j contains no manifest', text => {
    expect(readYaml(text)).toEqual([]);
  });
});

describe('lists', () => {
  test('a List is unfolded, also within another', () => {
    const text = 'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: A}\n- {apiVersion: v1, kind: List, items: [{apiVersion: v1, kind: B}]}\n';
    expect(readYaml(text, 'l').map(manifest => [manifest.object.kind, manifest.origin])).toEqual([
      ['A', { file: 'l', document: 1, line: 1 }], ['B', { file: 'l', document: 1, line: 1 }],
    ]);
  });

  test('items of a typed list inherit their kind', () => {
    const [manifest] = readYaml('apiVersion: networking.istio.io/v1\nkind: GatewayList\nitems: [{metadata: {name: a}}]\n');
    expect(manifest.object).toEqual({ apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'a' } });
  });

  test('items of a plain List must have a kind', () => {
    expect(failure('apiVersion: v1\nkind: List\nitems: [{metadata: {name: a}}]\n').message).toContain('not a Kubernetes object');
  });

  test('an object whose kind merely ends in List stays one object', () => {
    expect(readYaml('apiVersion: v1\nkind: AllowList\nspec: {}\n')).toHaveLength(1);
  });
});

describe('scalars are read as by kubectl', () => {
  test.each([
    ['yes', true], ['y', true], ['On', true], ['NO', false], ['off', false], ['"yes"', 'yes'], ['yEs', 'yEs'],
    ['010', 8], ['0o17', 15], ['0x1F', 31], ['-0b11', -3], ['1_000', 1000], ['09', 9], ['1:30', '1:30'], ['1.50', 1.5], ['1e3', 1000], ['.5', 0.5],
    ['2024-01-01', '2024-01-01'], ['~', null], ['Null', null], ['!!str 80', '80'], ['.inf', '.inf'],
  ])('%s is %j', (text, value) => {
    expect(data(text)).toEqual(value);
  });

  test('keys become strings as in JSON', () => {
    expect(data('{y: 1, 80: 2}')).toEqual({ true: 1, 80: 2 });
  });

  test('anchors, aliases and merge keys work', () => {
    expect(data('{a: &a {x: 1}, b: *a, c: {<<: *a, z: 2}}')).toEqual({ a: { x: 1 }, b: { x: 1 }, c: { x: 1, z: 2 } });
  });
});

describe('unreadable input is rejected with its position', () => {
  test.each([
    ['a duplicate key', `${OBJECT}---\n---\n${OBJECT}kind: Secret\n`, 3, 7, 'duplicated mapping key'],
    ['a syntax error', `${OBJECT}---\nkind: [a\n`, 2, 5, 'deficient indentation'],
    ['a tab', `${OBJECT}spec:\n\ta: 1\n`, 1, 4, 'tab'],
    ['an unknown alias', `${OBJECT}a: *b\n`, 1, 3, 'unidentified alias'],
    ['an unknown tag', `${OBJECT}a: !vault b\n`, 1, 3, 'unknown'],
    ['a list', `---\n- ${OBJECT.trim()}`.replace('\nkind', '\n  kind'), 1, 2, 'not a Kubernetes object'],
    ['a text', '# Nothing.\nhello\n', 1, 2, 'not a Kubernetes object'],
    ['an object without kind', 'apiVersion: v1\n', 1, 1, 'not a Kubernetes object'],
    ['an object whose kind is no text', 'apiVersion: v1\nkind: yes\n', 1, 1, 'not a Kubernetes object'],
  ])('%s', (_, text, document, line, reason) => {
    const { message, ...error } = failure(text);
    expect(error).toMatchObject({ file: 'some.yaml', document, line });
    expect(message).toContain(reason);
  });

  test('an alias bomb, without expanding it', () => {
    const rows = Array.from({ length: 40 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array(9).fill(`*a${index}`).join(', ')}]`);
    const error = failure(`${OBJECT}a0: &a0 [x]\n${rows.join('\n')}\n`);
    expect(error).toMatchObject({ document: 1, line: 1, reason: expect.stringContaining('aliases expand to more than') });
  });

  test('an alias bomb of merge keys', () => {
    const base = Array.from({ length: 1000 }, (_, index) => `k${index}: 1`).join(', ');
    const rows = Array.from({ length: 600 }, (_, index) => `m${index}: {<<: *base}`);
    expect(failure(`${OBJECT}base: &base {${base}}\n${rows.join('\n')}\n`).reason).toContain('400000');
  });

  test('a node that contains itself', () => {
    expect(failure(`${OBJECT}spec: &a { b: [*a] }\n`).reason).toBe('alias a contains itself');
  });

  test('unlimited nesting', () => {
    expect(failure(`${OBJECT}a: ${'['.repeat(10_000)}`).reason).toContain('nesting');
  });
});

test('many simple aliases are not a bomb', () => {
  const rows = Array.from({ length: 5000 }, (_, index) => `a${index}: *a`);
  expect(readYaml(`${OBJECT}base: &a {x: 1}\n${rows.join('\n')}\n`)).toHaveLength(1);
});

test('ten thousand documents are read in linear time', () => {
  const text = Array.from({ length: 10_000 }, (_, index) => `${OBJECT}metadata: { name: a${index} }\n`).join('---\n');
  const manifests = readYaml(text);
  expect(manifests).toHaveLength(10_000);
  expect(manifests[9_999].origin).toEqual({ file: '-', document: 10_000, line: 39_997 });
});

test('an integer beyond the precision of JavaScript is a number, and a key keeps its digits', () => {
  expect(data('{ a: 9007199254740993, b: [-0x20000000000001], 9007199254740993: c }')).toEqual({ a: 2 ** 53, b: [-(2 ** 53)], ['9007199254740993']: 'c' });
  expect(data(`${'9'.repeat(400)}`)).toBe(Infinity);
  expect(data('-0')).toBe(0);
  expect(data('-010')).toBe(-8);
});

describe('the cause of an error that nobody sees', () => {
  test('is named: a no-break space, by line and code', () => {
    expect(failure(`${OBJECT.replace(': C', ':\u00a0C')}metadata:\n  name: a\n`).reason).toMatch(/; line 2 contains the character U\+00A0, which looks like a space but is none: replace it with a space$/);
  });

  test('is named for text in UTF-16', () => {
    expect(failure('a\0:\0').reason).toMatch(/; the file must be text in UTF-8$/);
  });

  test('is not looked for in lines far above the error', () => {
    expect(failure('a: "\u00a0"\nb: c\nd: e\nf: g\nh: [\n').reason).not.toContain('U+00A0');
  });
});

test('a key that is null is refused, as kubectl refuses it; one in quotes is text', () => {
  for (const spec of ['{ null: 1 }', '{ ~: 1 }', '{ a: { Null: 1 } }', '\n  : 1', '\n  ? \n  : 1']) {
    expect(() => readYaml(`apiVersion: v1\nkind: A\nspec: ${spec}`, 'a.yaml')).toThrow('a key is null: write a name in front of the colon');
  }
  expect(readYaml('{ apiVersion: v1, kind: A, spec: { "null": 1, a : null, "~": 2 } }')[0].object.spec).toEqual({ null: 1, a: null, '~': 2 });
  expect(() => readYaml('apiVersion: v1\nkind: A\nspec:\n  a: 1\n  ~: 2\n', 'a.yaml')).toThrow('a.yaml:5');
});

test('binary values are text', () => {
  expect(readYaml('{ apiVersion: v1, kind: A, a: !!binary aGk=, b: !!binary "w6k=" }')[0].object).toMatchObject({ a: 'hi', b: 'é' });
  expect(() => readYaml('{ apiVersion: v1, kind: A, a: !!binary a }')).toThrow();
});
