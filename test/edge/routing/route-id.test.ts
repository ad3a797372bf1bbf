// Routes that belong together are made together, or not at all.
import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { InvalidProps } from '../../../src/base/errors';
import { addRoute, addRoutes } from '../../../src/edge/routing/route-id';
import { refusal } from '../../refusal';
import { emptyChart } from '../../synthesized';

const fine = () => () => 'made';

test('all routes are prepared before the first is made', () => {
  const order: string[] = [];
  const route = (id: string) => ({ id, prepare: () => { order.push(`prepare ${id}`); return () => { order.push(`make ${id}`); return id; }; } });
  expect(addRoutes(emptyChart(), [route('A'), route('B')])).toEqual(['A', 'B']);
  expect(order).toEqual(['prepare A', 'prepare B', 'make A', 'make B']);
});

test('where one is refused, none is made, and no id is taken', () => {
  const chart = emptyChart();
  const make = jest.fn();
  const wrong = { id: 'B', prepare: () => { throw InvalidProps.value('paths', 1, 'must be others'); } };
  expect(refusal(() => addRoutes(chart, [{ id: 'A', prepare: () => make }, wrong]))).toEqual({ prop: 'paths', value: 1, reason: 'must be others', path: 'chart/B' });
  expect(make).not.toHaveBeenCalled();
  expect(addRoute(chart, 'A', fine)).toBe('made');
});

test('an id is taken by the route that was made, and free where making failed', () => {
  const chart = emptyChart();
  expect(refusal(() => addRoute(chart, 'A', () => () => { throw InvalidProps.value('hosts', 1, 'must be others'); }))).toMatchObject({ prop: 'hosts', path: 'chart/A' });
  expect(addRoute(chart, 'A', fine)).toBe('made');
  expect(refusal(() => addRoute(chart, 'A', fine))).toMatchObject({ prop: 'id', value: 'A', path: 'chart' });
  expect(addRoute(new Chart(App.of(chart), 'other'), 'A', fine)).toBe('made');
});

test.each([['', ''], ['a line break', 'a\nb'], ['a number', 1], ['nothing', undefined]])('an id that is %s is refused', (_, id) => {
  expect(refusal(() => addRoute(emptyChart(), id as string, fine))).toMatchObject({ prop: 'id', value: id, path: 'chart' });
});

test('an id that a construct of the scope has is refused', () => {
  const chart = emptyChart();
  new Construct(chart, 'A');
  expect(refusal(() => addRoute(chart, 'A', fine))).toMatchObject({ prop: 'id', value: 'A' });
  expect(addRoute(chart, 'a b/c, d', fine)).toBe('made');
});

test('what knows its path keeps it, and other errors pass', () => {
  expect(refusal(() => addRoute(emptyChart(), 'A', () => { throw InvalidProps.value('a', 1, 'must be b', 'edge/Mtls'); })).path).toBe('edge/Mtls');
  expect(() => addRoute(emptyChart(), 'A', () => { throw new RangeError('a'); })).toThrow(RangeError);
});
