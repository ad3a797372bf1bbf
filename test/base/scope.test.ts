import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { requireChartScope, requireScope, requireScopeAndId } from '../../src/base/scope';
import { PUBLIC_VALUES } from '../laws/public-values';
import { refusal } from '../refusal';

type ConstructClass = new (scope: unknown, id: unknown, props: object) => Construct;

const CLASSES = Object.entries(PUBLIC_VALUES).filter((entry): entry is [string, ConstructClass] => (
  typeof entry[1] === 'function' && entry[1].prototype instanceof Construct && !(entry[1].prototype instanceof App)));
const OF_AN_APP = ['ArgoApplication', 'FluxDelivery'];
/** It writes no object. */
const OUTSIDE_CHARTS = ['IngressGroup'];

test.each(CLASSES)('%s requires a scope and an id', (name, type) => {
  expect(refusal(() => new type(undefined, 'id', {}))).toMatchObject({ prop: OF_AN_APP.includes(name) ? 'app' : 'scope', value: undefined });
  if (!OF_AN_APP.includes(name)) {
    const scope = new Chart(new App(), 'chart');
    expect(refusal(() => new type(scope, undefined, {}))).toMatchObject({ prop: 'id', path: 'chart' });
    expect(scope.node.children).toEqual([]);
  }
});

test.each(CLASSES.filter(([name, { prototype }]) => !OUTSIDE_CHARTS.includes(name) && !Object.prototype.isPrototypeOf.call(Chart.prototype, prototype)))('%s requires a chart', (_, type) => {
  const app = new App();
  expect(refusal(() => new type(app, 'id', {}))).toEqual({
    prop: 'scope', value: app, reason: 'must be a Chart or a construct in one, such as new Chart(app, \'edge\'): cdk8s writes the objects of charts only', path: '',
  });
  expect(app.node.children).toEqual([]);
});

test('a construct in a chart is a scope, and a construct beside the charts is not', () => {
  const app = new App();
  const inside = new Construct(new Construct(new Chart(app, 'chart'), 'a'), 'b');
  expect(requireChartScope(inside)).toBe(inside);
  const outside = new Construct(new Construct(app, 'a'), 'b');
  expect(refusal(() => requireChartScope(outside))).toMatchObject({ prop: 'scope', value: outside, path: 'a/b' });
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
