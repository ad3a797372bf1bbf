// Inputs of three kinds: changed bytes of real YAML, trees of fields that a parser accepts, and real manifests with changed values.
import { Chance } from './chance';
import type { Corpus } from './corpus';
import { ODD_VALUES, YAML_PIECES } from './odd-values';

/** What an input is made from. */
export const FAMILIES = ['bytes', 'trees', 'manifests'] as const;
export type Family = typeof FAMILIES[number];

/** How deep a tree goes at most, a few of them apart. */
const DEPTH = 6;
const EXTREME_DEPTHS = [100, 3000, 20_000];
const MAX_OBJECTS = 12;

/** The input with a number, as YAML. */
export function inputOf(family: Family, corpus: Corpus, chance: Chance): string {
  switch (family) {
    case 'bytes': return changedBytes(corpus, chance);
    case 'trees': return tree(corpus, chance);
    case 'manifests': return changedManifests(corpus, chance);
  }
}

/** A real text, cut, spliced and overwritten; sometimes no real text at all. */
function changedBytes({ texts }: Corpus, chance: Chance): string {
  const start = chance.isTrue(0.1) ? Buffer.from(Array.from({ length: chance.below(400) }, () => chance.below(256))) : window(Buffer.from(chance.of(texts)), chance);
  let bytes: Buffer = start;
  for (let changes = 1 + chance.below(3); changes > 0; changes--) {
    const [at, end] = [chance.below(bytes.length + 1), chance.below(bytes.length + 1)].sort((a, b) => a - b);
    const put = (piece: Buffer, until = at) => Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(until)]);
    switch (chance.below(6)) {
      case 0: bytes = put(Buffer.from([chance.isTrue(0.3) ? chance.below(256) : 32 + chance.below(95)]), at + 1); break;
      case 1: bytes = put(Buffer.from(chance.of(YAML_PIECES))); break;
      case 2: bytes = put(Buffer.alloc(0), Math.min(end, at + 40)); break;
      case 3: bytes = put(bytes.subarray(at, Math.min(end, at + 300))); break;
      case 4: bytes = put(window(Buffer.from(chance.of(texts)), chance).subarray(0, 200)); break;
      default: bytes = put(Buffer.from(' '.repeat(chance.below(4))));
    }
  }
  return bytes.toString('utf8');
}

/** Some documents of a long text. */
function window(text: Buffer, chance: Chance): Buffer {
  const from = Math.max(0, text.indexOf('\n---\n', chance.below(text.length)));
  const to = text.indexOf('\n---\n', from + 2000);
  return text.subarray(from, to === -1 ? undefined : to);
}

/** A copy: a later change of the object that it becomes part of would change it for all cases. */
function odd(chance: Chance): unknown {
  return structuredClone(chance.of<unknown>(ODD_VALUES));
}

/** Objects of a known kind with fields of random shape. */
function tree(corpus: Corpus, chance: Chance): string {
  return Array.from({ length: 1 + chance.below(5) }, () => {
    const [apiVersion, kind] = chance.of(corpus.types);
    const metadata = chance.isTrue(0.9) ? {
      name: chance.of(['a', 'b', 'web']), namespace: chance.of(['shop', 'edge']), annotations: annotations(corpus, chance), labels: { app: chance.of(['a', 'b']) },
    } : value(corpus, chance, 2);
    const body = { apiVersion, kind, metadata, spec: value(corpus, chance, DEPTH), ...chance.isTrue(0.1) ? { [chance.of(corpus.keys)]: value(corpus, chance, DEPTH) } : {} };
    return JSON.stringify(body);
  }).concat(chance.isTrue(0.01) ? [chance.isTrue(0.7) ? deep(chance) : wide(chance)] : []).join('\n---\n');
}

function annotations({ keys, values }: Corpus, chance: Chance): Record<string, unknown> {
  const known = keys.filter(key => key.includes('/'));
  return Object.fromEntries(chance.list(5, () => {
    const key = chance.of(known);
    return [key, chance.isTrue(0.5) ? chance.of(values.get(key)!) : odd(chance)] as const;
  }));
}

function value(corpus: Corpus, chance: Chance, depth: number, key = ''): unknown {
  const known = corpus.values.get(key);
  if (known && chance.isTrue(0.4)) {
    return chance.of(known);
  }
  if (depth === 0 || chance.isTrue(0.25)) {
    return odd(chance);
  }
  if (chance.isTrue(0.3)) {
    return chance.list(4, () => value(corpus, chance, depth - 1, key));
  }
  return Object.fromEntries(chance.list(6, () => chance.of(corpus.keys)).map(own => [own, value(corpus, chance, depth - 1, own)]));
}

/** Very deep YAML, which recursive readers run out of stack on. */
function deep(chance: Chance): string {
  const depth = chance.of(EXTREME_DEPTHS);
  const [open, close] = chance.of([['[', ']'], ['{a: ', '}'], ['- ', '']]);
  return `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: deep}\nspec: ${close === '' ? '\n  ' : ''}${open.repeat(depth)}1${close.repeat(depth)}`;
}

/** Few lines whose aliases stand for many routes or rules. */
function wide(chance: Chance): string {
  const many = (name: string, item: string) => `[&${name} ${item}${`, *${name}`.repeat(chance.below(300))}]`;
  const head = (apiVersion: string, kind: string) => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: wide, namespace: shop}\nspec: `;
  return chance.isTrue(0.5)
    ? `${head('networking.istio.io/v1', 'VirtualService')}{hosts: [a], http: ${many('r', `{match: ${many('m', '{uri: {prefix: /a}, headers: {a: {exact: b}}}')}, route: [{destination: {host: a}}]}`)}}`
    : `${head('networking.k8s.io/v1', 'Ingress')}{ingressClassName: alb, rules: ${many('r', `{host: a.b, http: {paths: ${many('p', '{path: /a, pathType: Prefix, backend: {service: {name: a, port: {number: 80}}}}')}}}`)}}`;
}

/** A real text's objects, or those of two texts, with changed values. */
function changedManifests(corpus: Corpus, chance: Chance): string {
  const objects = chance.isTrue(0.2) ? [...chance.of(corpus.units), ...chance.of(corpus.units)] : chance.of(corpus.units);
  const start = chance.below(Math.max(1, objects.length - MAX_OBJECTS));
  const copy = JSON.parse(JSON.stringify(objects.slice(start, start + MAX_OBJECTS))) as unknown[];
  for (let changes = 1 + chance.below(6); changes > 0; changes--) {
    change(copy, corpus, chance);
  }
  return copy.map(written).join('\n---\n');
}

/** Changes one place below the value: goes down at random, and stops at random. */
function change(root: unknown[], corpus: Corpus, chance: Chance): void {
  let place: any = root;
  let key: string | number = chance.below(root.length);
  const isOpen = () => typeof place[key] === 'object' && place[key] !== null && Object.keys(place[key]).length > 0;
  while (isOpen() && !chance.isTrue(place === root ? 0.02 : 0.08)) {
    place = place[key];
    // apiVersion and kind are first, and without them nothing reads the object.
    const names = Object.keys(place as object).filter(name => (name !== 'apiVersion' && name !== 'kind') || chance.isTrue(0.05));
    if (names.length === 0) {
      return;
    }
    const name: string = chance.of(names);
    key = Array.isArray(place) ? Number(name) : name;
  }
  const known = corpus.values.get(String(key));
  switch (chance.below(7)) {
    case 0: Reflect.deleteProperty(place as object, key); break;
    case 1: place[key] = odd(chance); break;
    case 2: place[key] = known ? chance.of(known) : odd(chance); break;
    case 3: place[chance.of(corpus.keys)] = place[key]; break;
    case 4: place[key] = [place[key], place[key]]; break;
    case 5: place[key] = typeof place[key] === 'string' ? changedText(place[key] as string, chance) : value(corpus, chance, 3, String(key)); break;
    default: Object.assign(place as object, { [Array.isArray(place) ? place.length : chance.of(corpus.keys)]: value(corpus, chance, 2) });
  }
}

function changedText(text: string, chance: Chance): string {
  const at = chance.below(text.length + 1);
  return text.slice(0, at) + chance.of(['', '*', '/', '.', '"', '{', ']', ',', '=', '\\', ' ', 'é', '\u0000', text]) + text.slice(at + chance.below(2));
}

/** A change may put an object into itself, which no text can say. */
function written(object: unknown): string {
  try {
    return JSON.stringify(object) ?? '';
  } catch {
    return '';
  }
}
