// Rules behind others: the index finds the same as a comparison of all pairs.
import * as fc from 'fast-check';
import { coversRule } from '../../src/base/alb-annotations/rule-coverage';
import { EarlierRules, isGuarded, shadowedRules } from '../../src/checks/load-balancers/rule-reach';
import type { ListenerRule, RuleAction, RuleCondition } from '../../src/plan/load-balancer';
import { runs } from '../runs';

const from = { manifest: { object: {}, origin: { construct: '' } }, pointer: '' };
const hosts = fc.constantFrom<RuleCondition | undefined>(undefined, ...[['a.example.com'], ['b.example.com'], ['*.example.com'], ['a.example.com', 'b.example.com'], ['*']]
  .map((values): RuleCondition => ({ field: 'host-header', hostHeaderConfig: { values } })));
const patterns = fc.constantFrom('/', '/*', '/a', '/a/*', '/a/b', '/a/b/*', '/?', '*', '/a*');
const paths = fc.oneof(
  fc.constant(undefined),
  fc.constant<RuleCondition>({ field: 'path-pattern', pathPatternConfig: { regexValues: ['^/a'] } }),
  fc.array(patterns, { minLength: 1, maxLength: 2 }).map((values): RuleCondition => ({ field: 'path-pattern', pathPatternConfig: { values } })),
);
const listener = fc.array(fc.tuple(hosts, paths), { maxLength: 8 }).map(all => ({
  rules: all.map(([host, path], index): ListenerRule => ({
    priority: index + 1, actions: [], tags: {}, from, conditions: [host, path].filter((own): own is RuleCondition => own !== undefined),
  })),
}));

test('a rule is shadowed by the first earlier rule that covers it, and by no other', () => {
  fc.assert(fc.property(listener, own => {
    const expected = own.rules.flatMap((rule, index) => {
      const by = own.rules.slice(0, index).find(earlier => coversRule(earlier.conditions, rule.conditions));
      return by === undefined ? [] : [[rule.priority, by.priority]];
    });
    expect(shadowedRules(own).map(({ rule, by }) => [rule.priority, by.priority])).toEqual(expected);
  }), runs(2000));
});

test('rules for other paths are not compared', () => {
  const rules = ['/a', '/b', '/a/c'].map((value, index): ListenerRule => ({
    priority: index + 1, actions: [], tags: {}, from, conditions: [{ field: 'path-pattern', pathPatternConfig: { values: [value] } }],
  }));
  const earlier = new EarlierRules();
  const compared = rules.map(rule => {
    const asked: number[] = [];
    earlier.first(rule, ({ priority }) => { asked.push(priority); return false; });
    earlier.add(rule);
    return asked;
  });
  expect(compared).toEqual([[], [], [1]]);
});

test('a login that lets others through is none', () => {
  const login = (onUnauthenticatedRequest: string): RuleAction => ({ type: 'authenticate-oidc', authenticateOIDCConfig: { onUnauthenticatedRequest } });
  expect([login('authenticate'), login('deny'), login('allow'), { type: 'jwt-validation' as const }, { type: 'forward' as const }].map(own => isGuarded([own])))
    .toEqual([true, true, false, true, false]);
});
