import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { requireScope, requireScopeAndId } from '../../src/base/scope';
import { PUBLIC_VALUES } from '../laws/public-values';
import { refusal } from '../refusal';

type ConstructClass = new (scope: unknown, id: unknown, props: object) => Construct;

const CLASSES = Object.entries(PUBLIC_VALUES).filter((entry): entry is [string, ConstructClass] => (
  typeof entry[1] === 'function' && entry[1].prototype instanceof Construct && !(entry[1].prototype instanceof App)));
const OF_AN_APP = ['ArgoApplication', 'FluxDelivery'];

test.each(CLASSES)('%s requires a scope and an id', (name, type) => {
  expect(refusal(() => new type(undefined, 'id', {}))).toMatchObject({ prop: OF_AN_APP.includes(name) ? 'app' : 'scope', value: undefined });
  if (!OF_AN_APP.includes(name)) {
    const scope = new Chart(new App(), 'chart');
    expect(refusal(() => new type(scope, undefined, {}))).toMatchObject({ prop: 'id', path: 'chart' });
    expect(scope.node.children).toEqual([]);
  }
});

test.each([[undefined], [null], ['app'], [{}], [{ node: {} }]])('%j is no scope', value => {
  expect(refusal(() => requireScope(value as never))).toEqual({
    prop: 'scope', value, reason: 'must be a construct, such as an App, a Chart, or this', path: '',
  });
});

test.each([[undefined], [null], [''], [5]])('%j is no id', id => {
  expect(refusal(() => requireScopeAndId(new Chart(new App(), 'chart'), id as never))).toEqual({
    prop: 'id', value: id, reason: 'must be a string that is not empty', path: 'chart',
  });
});

test('a construct is a scope', () => {
  const app = new App();
  expect(requireScopeAndId(app, 'id')).toBe(app);
});
