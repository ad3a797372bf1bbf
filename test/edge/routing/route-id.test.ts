// Ids of routes: one line of text, unique in the scope.
import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { requireRouteId } from '../../../src/edge/routing/route-id';
import { refusal } from '../../refusal';
import { emptyChart } from '../../synthesized';

test.each([['', ''], ['a line break', 'a\nb'], ['a number', 1], ['undefined', undefined], ['__proto__', '__proto__'], ['constructor', 'constructor']])('an id that is %s is refused', (_, id) => {
  expect(refusal(() => requireRouteId(emptyChart(), id as string))).toMatchObject({ prop: 'id', value: id, path: 'chart' });
});

test('an id that another construct in the scope has is refused', () => {
  const chart = emptyChart();
  new Construct(chart, 'A');
  expect(refusal(() => requireRouteId(chart, 'A'))).toEqual({ prop: 'id', value: 'A', reason: '"A" is already the id of a construct or a route in chart', path: 'chart' });
  expect(requireRouteId(new Chart(App.of(chart), 'other'), 'A')).toBe('A');
  expect(requireRouteId(chart, 'a b/c, d')).toBe('a b/c, d');
});
