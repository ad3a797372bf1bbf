// Times as Flux reads them.
import { Duration } from 'cdk8s';
import { fluxDuration } from '../../../src/gitops/delivery/flux-duration';
import { refusal } from '../../refusal';

test.each([
  [Duration.seconds(1), '1s'], [Duration.seconds(59), '59s'], [Duration.seconds(60), '1m'], [Duration.seconds(90), '90s'], [Duration.millis(2000), '2s'],
  [Duration.minutes(10), '10m'], [Duration.hours(1), '60m'], [Duration.days(30), '43200m'],
])('%s is written as %s', (duration, written) => {
  expect(fluxDuration('interval', duration, '10m')).toBe(written);
});

test('what the user leaves out is what the caller says', () => {
  expect(fluxDuration('interval', undefined, '10m')).toBe('10m');
});

test.each([
  [Duration.seconds(0), '0 ms'], [Duration.millis(500), '500 ms'], [Duration.millis(1500), '1500 ms'], [Duration.seconds(30 * 86_400 + 1), '2592001000 ms'],
])('%s is refused', (duration, value) => {
  expect(refusal(() => fluxDuration('interval', duration, '10m'))).toEqual({ prop: 'interval', value, reason: 'must be whole seconds, from 1 to 2592000', path: '' });
});
