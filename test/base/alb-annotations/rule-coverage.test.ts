import * as fc from 'fast-check';
import type { RuleCondition } from '../../../src/base/alb-annotations/rule';
import { coversRule } from '../../../src/base/alb-annotations/rule-coverage';
import { coversWildcard, wildcardMatcher } from '../../../src/base/alb-annotations/wildcards';
import { runs } from '../../runs';

const host = (...values: string[]): RuleCondition => ({ field: 'host-header', hostHeaderConfig: { values } });
const path = (...values: string[]): RuleCondition => ({ field: 'path-pattern', pathPatternConfig: { values } });
const method = (...values: string[]): RuleCondition => ({ field: 'http-request-method', httpRequestMethodConfig: { values } });
const header = (httpHeaderName: string, ...values: string[]): RuleCondition => ({ field: 'http-header', httpHeaderConfig: { httpHeaderName, values } });
const query = (value: string, key?: string): RuleCondition => ({ field: 'query-string', queryStringConfig: { values: [{ value, ...key === undefined ? {} : { key } }] } });
const from = (...values: string[]): RuleCondition => ({ field: 'source-ip', sourceIPConfig: { values } });
const pathRegex = (...regexValues: string[]): RuleCondition => ({ field: 'path-pattern', pathPatternConfig: { regexValues } });

test.each<[string, RuleCondition[], RuleCondition[]]>([
  ['the same', [host('a.example.com'), path('/*')], [host('a.example.com'), path('/*')]],
  ['all paths', [path('/*')], [host('a.example.com')]],
  ['all hosts', [host('*')], [path('/a')]],
  ['a host in capitals', [host('A.example.com')], [host('a.example.com'), path('/a')]],
  ['a wildcard host', [host('*.example.com')], [host('a.example.com'), path('/a')]],
  ['a shorter prefix', [path('/a', '/a/*')], [path('/a/b', '/a/b/*')]],
  ['more values', [path('/a', '/b')], [path('/b')]],
  ['fewer conditions', [path('/a')], [path('/a'), method('GET'), header('x', 'y')]],
  ['more methods', [method('GET', 'HEAD')], [method('GET')]],
  ['a header of the same name', [header('X-Canary', '*')], [header('x-canary', 'yes')]],
  ['a query without a key', [query('yes')], [query('yes', 'canary')]],
  ['a larger block', [from('10.0.0.0/8')], [from('10.1.0.0/16', '10.2.0.1/32')]],
  ['the same regular expression', [pathRegex('^/a')], [pathRegex('^/a')]],
])('a rule covers another with %s', (_, rule, other) => {
  expect(coversRule(rule, other)).toBe(true);
});

test.each<[string, RuleCondition[], RuleCondition[]]>([
  ['another host', [host('a.example.com')], [host('b.example.com')]],
  ['more paths', [path('/a')], [path('/a', '/b')]],
  ['a path that only starts the same', [path('/a', '/a/*')], [path('/ab')]],
  ['a path in capitals', [path('/A')], [path('/a')]],
  ['one condition less', [path('/a'), method('GET')], [path('/a')]],
  ['a header of another name', [header('x', '*')], [header('y', 'yes')]],
  ['a query of any key', [query('yes', 'canary')], [query('yes')]],
  ['a smaller block', [from('10.1.0.0/16')], [from('10.0.0.0/8')]],
  ['a regular expression, whatever it matches', [path('/a*')], [pathRegex('^/a$')]],
  ['another regular expression', [pathRegex('.*')], [pathRegex('^/a')]],
])('a rule does not cover another with %s', (_, rule, other) => {
  expect(coversRule(rule, other)).toBe(false);
});

test('a pattern that covers another matches all that the other matches', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 6 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 6 });
  fc.assert(fc.property(pattern, pattern, fc.array(text, { maxLength: 20 }), (one, other, texts) => {
    const matched = texts.filter(wildcardMatcher(other));
    expect(!coversWildcard(one, other) || matched.every(wildcardMatcher(one))).toBe(true);
  }), runs(5000));
});
