import { LOAD_BALANCER_ATTRIBUTE_KEYS, TARGET_GROUP_ATTRIBUTE_KEYS, attributeMeantBy } from '../../../src/base/alb-annotations/attribute-keys';

test.each([
  ['stickness.enabled', 'stickiness.enabled'],
  ['Slow_Start.duration_seconds', 'slow_start.duration_seconds'],
  ['stickiness.ib_cookie.duration_seconds', 'stickiness.lb_cookie.duration_seconds'],
])('%s means %s', (written, meant) => {
  expect(attributeMeantBy(written, TARGET_GROUP_ATTRIBUTE_KEYS)).toBe(meant);
});

test('a key that is known, or that no known key is similar to, means no other', () => {
  expect([...TARGET_GROUP_ATTRIBUTE_KEYS, 'quantum_safe.enabled'].filter(key => attributeMeantBy(key, TARGET_GROUP_ATTRIBUTE_KEYS) !== undefined)).toEqual([]);
  expect(LOAD_BALANCER_ATTRIBUTE_KEYS.filter(key => attributeMeantBy(key, LOAD_BALANCER_ATTRIBUTE_KEYS) !== undefined)).toEqual([]);
});
