// Timeouts and retries, as Istio reads them.
import { Duration } from 'cdk8s';
import { renderDuration, renderRetries, RetryOn } from '../../src/edge/route-policy';
import { refusal } from '../refusal';

test.each([
  [Duration.seconds(10), '10s'], [Duration.minutes(2), '120s'], [Duration.millis(1), '1ms'], [Duration.millis(1500), '1500ms'],
  [Duration.seconds(0.25), '250ms'], [Duration.hours(1), '3600s'],
])('%s is written as %s', (duration, written) => {
  expect(renderDuration('timeout', duration)).toBe(written);
});

test.each([Duration.seconds(0), Duration.millis(0.5), Duration.millis(1.5), Duration.seconds(0.0001)])('%s is too short or too exact', duration => {
  expect(refusal(() => renderDuration('timeout', duration)))
    .toEqual({ prop: 'timeout', value: `${duration.toMilliseconds({ integral: false })} ms`, allowed: 'whole milliseconds, at least 1', path: '' });
});

test('retries say how often, how long and after what', () => {
  expect(renderRetries({ attempts: 3, perTryTimeout: Duration.seconds(2), retryOn: [RetryOn.GATEWAY_ERROR, RetryOn.CONNECT_FAILURE] }))
    .toEqual({ attempts: 3, perTryTimeout: '2s', retryOn: 'gateway-error,connect-failure' });
  expect(renderRetries({ attempts: 1 })).toEqual({ attempts: 1, perTryTimeout: undefined, retryOn: undefined });
});

test('retries need an attempt, a time that can be written, and an outcome', () => {
  for (const attempts of [0, -1, 1.5, 101]) {
    expect(refusal(() => renderRetries({ attempts }))).toMatchObject({ prop: 'retries.attempts', value: attempts });
  }
  expect(refusal(() => renderRetries({ attempts: 1, perTryTimeout: Duration.seconds(0) }))).toMatchObject({ prop: 'retries.perTryTimeout', value: '0 ms' });
  expect(refusal(() => renderRetries({ attempts: 1, retryOn: [] }))).toMatchObject({ prop: 'retries.retryOn', value: [] });
});
