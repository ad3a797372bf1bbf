// What stands once per app is found from every construct of that app, and from no other.
import { App, Chart } from 'cdk8s';
import { oncePerApp } from '../../src/base/once-per-app';

test('charts of one app share a table, two apps do not, and two kinds of things do not', () => {
  const [names, others] = [oncePerApp<string>(), oncePerApp<string>()];
  const app = new App();
  const [a, b, foreign] = [new Chart(app, 'a'), new Chart(app, 'b'), new Chart(new App(), 'a')];
  names(a).set('key', 'value');
  expect([names(b), names(app), names(foreign), others(a)].map(table => table.get('key'))).toEqual(['value', 'value', undefined, undefined]);
});
