// Acknowledgements in a list: what they accept, until when, and which of them have no effect.
import type { ListedAcknowledgement } from '../../src/checks/listed-acknowledgement';
import { check, checkUnits } from '../../src/checks/runner';
import { SHELF } from '../../src/checks/shelf';
import { readYaml } from '../../src/manifests/yaml';
import * as manifests from '../manifests';

const shop = (name = 'shop') => manifests.virtualService(`prod/${name}`, { hosts: ['shop'], http: [{ route: [{ destination: { host: 'a' } }, { destination: { host: 'b' } }] }] });
const sound = (name: string) => manifests.virtualService(`prod/${name}`, { hosts: [name], http: [{ route: [{ destination: { host: 'a' } }] }] });

function entry(more: Partial<ListedAcknowledgement> = {}): ListedAcknowledgement {
  return { id: 'zero-weights', object: { kind: 'VirtualService', namespace: 'prod', name: 'shop' }, reason: 'known', ...more };
}

function found(input: object[], acknowledgements: ListedAcknowledgement[], more = {}) {
  return check(input as never, { acknowledgements, ...more }).findings.map(({ id, message, acknowledged }) => (acknowledged === undefined ? `${id}: ${message}` : `${id}, ${acknowledged}`));
}

const OPEN = 'zero-weights: the weights of all 2 destinations are 0 or not set';

test.each([
  [{ kind: 'VirtualService', namespace: 'prod', name: 'shop' }, true],
  [{ kind: 'VirtualService', name: 'shop' }, true],
  [{ kind: '*', name: '*' }, true],
  [{ kind: 'VirtualService', name: 's*p' }, true],
  [{ kind: 'VirtualService', name: 'shop*' }, true],
  [{ kind: 'VirtualService', name: 'sh?p' }, true],
  [{ kind: 'VirtualService', name: 'shop?' }, false],
  [{ kind: 'VirtualService', name: 'sh.p' }, false],
  [{ kind: 'VirtualService', name: 'sho' }, false],
  [{ kind: 'VirtualService', namespace: 'p*', name: 'shop' }, true],
  [{ kind: 'VirtualService', namespace: 'default', name: 'shop' }, false],
  [{ kind: 'Service', name: 'shop' }, false],
])('an entry for %j accepts a finding on VirtualService prod/shop: %s', (object, isAccepted) => {
  expect(found([shop()], [entry({ object })])[0]).toBe(isAccepted ? 'zero-weights, known' : OPEN);
});

test('an object without a namespace is in the default one', () => {
  const [own] = readYaml('apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: shop }\nspec: { http: [{ route: [{ destination: { host: a } }, { destination: { host: b } }] }] }\n');
  expect(found([own], [entry({ object: { kind: 'VirtualService', namespace: 'default', name: 'shop' } })])).toEqual(['zero-weights, known']);
});

test('an entry for another check accepts nothing, and is reported', () => {
  expect(found([shop()], [entry({ id: 'unknown-subset' })])).toEqual([
    OPEN, 'useless-acknowledgement: the acknowledgement of "unknown-subset" has no effect: VirtualService prod/shop has no such finding',
  ]);
});

test('an annotation comes before an entry, which still has its effect', () => {
  const annotated = { ...shop(), metadata: { name: 'shop', namespace: 'prod', annotations: { 'checks.cdk8s-alb-istio/zero-weights': 'annotated' } } };
  expect(found([annotated], [entry()])).toEqual(['zero-weights, annotated']);
});

test('an entry counts through its last day, and is reported after it', () => {
  const until = [entry({ expires: '2027-01-31' })];
  expect(found([shop()], until)).toEqual(['zero-weights, known']);
  expect(found([shop()], until, { today: '2027-01-31' })).toEqual(['zero-weights, known']);
  expect(found([shop()], until, { today: '2027-02-01' })).toEqual([
    OPEN, 'useless-acknowledgement: the acknowledgement of "zero-weights" expired after 2027-01-31, so its findings count again',
  ]);
});

test('an entry without an object is reported only where all its objects must be', () => {
  const elsewhere = [entry({ object: { kind: 'VirtualService', name: 'cart' } })];
  const message = 'useless-acknowledgement: the acknowledgement of "zero-weights" has no effect: VirtualService cart does not exist in the input';
  expect(found([shop()], elsewhere)).toEqual([OPEN]);
  expect(found([shop()], elsewhere, { hasAllAcknowledged: true })).toEqual([OPEN, message]);
  expect(found([shop()], elsewhere, { complete: true })).toEqual([OPEN, message]);
});

test('an entry of several units has an effect if it has one in any', () => {
  const acknowledgements = [entry()];
  const ids = (...inputs: object[]) => checkUnits(inputs.map(input => ({ input: [input] as never, acknowledgements }))).findings.map(({ id }) => id);
  expect(ids(sound('shop'), shop())).toEqual(['zero-weights']);
  expect(ids(sound('shop'), sound('shop'))).toEqual(['useless-acknowledgement']);
});

test('an entry without an object is reported only if no unit can have it', () => {
  const acknowledgements = [entry()];
  const count = (...complete: boolean[]) => checkUnits(complete.map(own => ({ input: [sound('cart'), manifests.service('prod/a')], acknowledgements, complete: own }))).findings.length;
  expect([count(true, true), count(true, false)]).toEqual([1, 0]);
});

test('nothing is known about the entry or the annotation of a check that does not run', () => {
  const annotated = { ...sound('shop'), metadata: { name: 'shop', namespace: 'prod', annotations: { 'checks.cdk8s-alb-istio/zero-weights': 'known' } } };
  const others = SHELF.filter(({ id }) => id !== 'zero-weights');
  expect(found([annotated], [entry()])).toHaveLength(2);
  expect(found([annotated], [entry()], { shelf: others })).toEqual([]);
});

test('a check that crashes says nothing about its entries', () => {
  const crashing = { ...SHELF.find(({ id }) => id === 'zero-weights')!, run: () => { throw new Error('no such index'); } };
  const shelf = SHELF.map(own => (own.id === 'zero-weights' ? crashing : own));
  expect(found([sound('cart'), sound('shop')], [entry()], { shelf })).toEqual(['zero-weights: could not be evaluated: no such index']);
});

test('a finding about an entry has its place in the file, and one that it accepts names it', () => {
  const origin = { file: 'alb-istio.yaml', document: 1, line: 3 };
  expect(check([sound('shop')], { acknowledgements: [entry({ origin })] }).findings).toMatchObject([
    { id: 'useless-acknowledgement', severity: 'warning', object: { kind: 'Settings', name: 'alb-istio.yaml' }, pointer: '/acknowledgements/0', origin, line: 3 },
  ]);
  expect(check([shop()], { acknowledgements: [entry({ origin })] }).findings).toMatchObject([{ acknowledged: 'known', acknowledgedAt: 'alb-istio.yaml:3' }]);
});

test('a check knows whether the input is all there is', () => {
  const seen: boolean[] = [];
  const spy = { ...SHELF[0], about: [], run: (subject: { complete: boolean }) => { seen.push(subject.complete); return []; } };
  check([shop()], { shelf: [spy as never] });
  check([shop()], { shelf: [spy as never], complete: true });
  expect(seen).toEqual([false, true]);
});
