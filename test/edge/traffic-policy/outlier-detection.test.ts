// Outlier detection: when Envoy temporarily ejects a failing endpoint.
import { Duration } from 'cdk8s';
import { type OutlierDetection, renderOutlierDetection } from '../../../src/edge/traffic-policy/outlier-detection';
import { refusal } from '../../refusal';

const plain = (detection: OutlierDetection) => JSON.parse(JSON.stringify(renderOutlierDetection('detection', detection))) as unknown;
const refused = (detection: OutlierDetection) => refusal(() => renderOutlierDetection('detection', detection));

test('every option is rendered in its field, and an empty object keeps Istio\'s defaults', () => {
  expect(plain({
    consecutive5xxErrors: 7, consecutiveGatewayErrors: 3, splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 2,
    interval: Duration.seconds(5), baseEjectionTime: Duration.minutes(15), maxEjectionPercent: 100, minHealthPercent: 0,
  })).toEqual({
    consecutive5xxErrors: 7, consecutiveGatewayErrors: 3, splitExternalLocalOriginErrors: true, consecutiveLocalOriginFailures: 2,
    interval: '5s', baseEjectionTime: '900s', maxEjectionPercent: 100, minHealthPercent: 0,
  });
  expect(plain({})).toEqual({});
});

test('0 turns a reason off', () => {
  expect(plain({ consecutive5xxErrors: 0, consecutiveGatewayErrors: 5 })).toEqual({ consecutive5xxErrors: 0, consecutiveGatewayErrors: 5 });
  expect(plain({ consecutive5xxErrors: 5, consecutiveGatewayErrors: 0 })).toEqual({ consecutive5xxErrors: 5, consecutiveGatewayErrors: 0 });
});

test('a gateway error limit that can never be reached is rejected', () => {
  expect(refused({ consecutive5xxErrors: 5, consecutiveGatewayErrors: 5 })).toEqual({
    prop: 'detection.consecutiveGatewayErrors', value: 5, reason: 'must be less than consecutive5xxErrors, which is 5 and counts the same responses', path: '',
  });
  expect(plain({ consecutive5xxErrors: 5, consecutiveGatewayErrors: 4 })).toEqual({ consecutive5xxErrors: 5, consecutiveGatewayErrors: 4 });
});

test('local failures are counted separately only if they are split', () => {
  expect(refused({ consecutiveLocalOriginFailures: 1 })).toMatchObject({ prop: 'detection.consecutiveLocalOriginFailures', value: 1 });
  expect(refused({ consecutiveLocalOriginFailures: 1, splitExternalLocalOriginErrors: false })).toMatchObject({ prop: 'detection.consecutiveLocalOriginFailures' });
  expect(refused({ consecutiveLocalOriginFailures: 0, splitExternalLocalOriginErrors: true })).toMatchObject({ prop: 'detection.consecutiveLocalOriginFailures' });
});

test.each<[keyof OutlierDetection, number, number]>([
  ['consecutive5xxErrors', 0, 4294967295], ['consecutiveGatewayErrors', 0, 4294967295], ['maxEjectionPercent', 1, 100], ['minHealthPercent', 0, 100],
])('%s is an integer from %d to %d', (field, min, max) => {
  expect(plain({ [field]: min })).toEqual({ [field]: min });
  expect(plain({ [field]: max })).toEqual({ [field]: max });
  for (const value of [min - 1, max + 1, 1.5, NaN]) {
    expect(refused({ [field]: value })).toEqual({ prop: `detection.${field}`, value, reason: `must be an integer from ${min} to ${max}`, path: '' });
  }
});

test.each<keyof OutlierDetection>(['interval', 'baseEjectionTime'])('%s is at least 1 ms', field => {
  expect(plain({ [field]: Duration.millis(1) })).toEqual({ [field]: '1ms' });
  expect(refused({ [field]: Duration.millis(0) })).toMatchObject({ prop: `detection.${field}` });
});
