// Timeouts and retries.
import { Duration } from 'cdk8s';
import { propsOf, requireProps } from '../../../src/base/prop-types';
import { NO_RETRIES, renderRetries, type RetryPolicy, RetryOn } from '../../../src/edge/routing/route-policy';
import { renderDuration } from '../../../src/edge/wire/duration';
import { refusal } from '../../refusal';

const RETRY_POLICY = propsOf<RetryPolicy>('RetryPolicy');

test.each([
  [Duration.seconds(10), '10s'], [Duration.minutes(2), '120s'], [Duration.millis(1), '1ms'], [Duration.millis(1500), '1500ms'],
  [Duration.seconds(0.25), '250ms'], [Duration.hours(1), '3600s'],
])('%s is rendered as %s', (duration, rendered) => {
  expect(renderDuration('timeout', duration)).toBe(rendered);
});

test.each([Duration.seconds(0), Duration.millis(0.5), Duration.millis(1.5), Duration.seconds(0.0001)])('%s is too short, or not whole milliseconds', duration => {
  expect(refusal(() => renderDuration('timeout', duration)))
    .toEqual({ prop: 'timeout', value: `${duration.toMilliseconds({ integral: false })} ms`, reason: 'must be whole milliseconds, at least 1', path: '' });
});

test.each([5, '5s', null, undefined, {}])('%p is not a Duration', duration => {
  expect(refusal(() => renderDuration('timeout', duration as never))).toMatchObject({ prop: 'timeout', value: duration });
});

test('all settings of a retry policy are rendered', () => {
  expect(renderRetries({ attempts: 3, perTryTimeout: Duration.seconds(2), retryOn: [RetryOn.GATEWAY_ERROR, RetryOn.CONNECT_FAILURE] }))
    .toEqual({ attempts: 3, perTryTimeout: '2s', retryOn: 'gateway-error,connect-failure' });
  expect(renderRetries({ attempts: 1 })).toEqual({ attempts: 1 });
  expect(renderRetries({ attempts: 100, backoff: Duration.millis(50), retryRemoteLocalities: true, ignorePreviousHosts: false })).toEqual({
    attempts: 100, backoff: '50ms', retryRemoteLocalities: true, retryIgnorePreviousHosts: false,
  });
});

test('status codes are added to retryOn, or to Istio\'s default conditions', () => {
  expect(renderRetries({ attempts: 1, retryOn: [RetryOn.RESET], retryStatusCodes: [503, 429] })).toEqual({ attempts: 1, retryOn: 'reset,503,429' });
  expect(renderRetries({ attempts: 1, retryStatusCodes: [503] })).toEqual({ attempts: 1, retryOn: 'connect-failure,refused-stream,unavailable,cancelled,503' });
});

test('the retry conditions are those that Istio accepts', () => {
  expect(Object.values(RetryOn).sort()).toEqual([
    '5xx', 'cancelled', 'connect-failure', 'deadline-exceeded', 'envoy-ratelimited', 'gateway-error', 'http3-post-connect-failure', 'internal', 'refused-stream', 'reset',
    'reset-before-request', 'resource-exhausted', 'retriable-4xx', 'retriable-headers', 'retriable-status-codes', 'unavailable',
  ]);
});

test('retries can be disabled', () => {
  expect(NO_RETRIES).toEqual({ attempts: 0 });
});

test('perTryTimeout may equal the timeout of the route', () => {
  expect(renderRetries({ attempts: 1, perTryTimeout: Duration.millis(2000) }, Duration.seconds(2))).toEqual({ attempts: 1, perTryTimeout: '2s' });
});

test.each<[string, () => unknown, string, unknown]>([
  ...[0, -1, 1.5, 101].map((attempts): [string, () => unknown, string, unknown] => [`${attempts} attempts`, () => renderRetries({ attempts }), 'retries.attempts', attempts]),
  ['retries without attempts', () => renderRetries({ perTryTimeout: Duration.seconds(1) } as never), 'retries.attempts', undefined],
  ['a zero perTryTimeout', () => renderRetries({ attempts: 1, perTryTimeout: Duration.seconds(0) }), 'retries.perTryTimeout', '0 ms'],
  ['a zero backoff', () => renderRetries({ attempts: 1, backoff: Duration.seconds(0) }), 'retries.backoff', '0 ms'],
  ['a perTryTimeout above the timeout of the route', () => renderRetries({ attempts: 1, perTryTimeout: Duration.millis(2001) }, Duration.seconds(2)), 'retries.perTryTimeout', '2001ms'],
  ['no retry condition', () => renderRetries({ attempts: 1, retryOn: [] }), 'retries.retryOn', []],
  ['a duplicate retry condition', () => renderRetries({ attempts: 1, retryOn: [RetryOn.RESET, RetryOn.RESET] }), 'retries.retryOn[1]', 'reset'],
  ['no status code', () => renderRetries({ attempts: 1, retryStatusCodes: [] }), 'retries.retryStatusCodes', []],
  ['a duplicate status code', () => renderRetries({ attempts: 1, retryStatusCodes: [503, 503] }), 'retries.retryStatusCodes[1]', 503],
  ...[0, 100, 306, 420, 427, 430, 509, 599, 600, 503.5].map((code): [string, () => unknown, string, unknown] => [
    `the status code ${code}`, () => renderRetries({ attempts: 1, retryStatusCodes: [code] }), 'retries.retryStatusCodes[0]', code,
  ]),
  ['an unknown retry condition', () => requireProps(RETRY_POLICY, { attempts: 1, retryOn: ['bogus'] }), 'retryOn[0]', 'bogus'],
  ['a string instead of a list', () => requireProps(RETRY_POLICY, { attempts: 1, retryOn: '5xx' }), 'retryOn', '5xx'],
  ['attempts as a string', () => requireProps(RETRY_POLICY, { attempts: '3' }), 'attempts', '3'],
  ['a string instead of a Duration', () => requireProps(RETRY_POLICY, { attempts: 3, backoff: '1s' }), 'backoff', '1s'],
  ['a string instead of a boolean', () => requireProps(RETRY_POLICY, { attempts: 3, retryRemoteLocalities: 'yes' }), 'retryRemoteLocalities', 'yes'],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});
