// Paths that the load balancer and the gateway understand differently are refused, and others are not.
import * as fc from 'fast-check';
import { wildcardMatcher } from '../../../src/base/alb-annotations/wildcards';
import { RulePath } from '../../../src/edge/listener/rule';
import { ODD_PATHS, refusingOddPaths } from '../../../src/edge/alb/odd-paths';
import { normalizePath, type PathNormalization, splitTarget } from '../../../src/trace/path';
import { runs } from '../../runs';

const LEVELS: readonly PathNormalization[] = ['NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'];
const PARTS = ['/', '/', '/a', '/b', '.', '..', '%2e', '%2E', '%2f', '%2F', '\\', '%5c', '%5C', 'a', 'b', '%61', '%41', ';', '#', '%20', '%7B', '-', '%2d', '%40', '%'];

function matcherOf(path: RulePath): (text: string) => boolean {
  const tests = path._values.map(value => wildcardMatcher(value));
  return text => tests.some(matches => matches(text));
}

function refuses(path: string, isAnyDoubtful: boolean): boolean {
  const [{ pathPatternConfig }] = refusingOddPaths(['www.example.com'], isAnyDoubtful).conditions!.map(condition => condition._render());
  return pathPatternConfig!.regexValues!.some(regex => new RegExp(regex).test(path));
}

/** The paths that Envoy forwards for a path, at all levels of normalization. */
function resolved(path: string): string[] {
  return LEVELS.slice(1).map(level => normalizePath(splitTarget(path)[0], level));
}

/** What an application may make of a path: it decodes slashes, and cuts off the parameters of segments. */
function understood(path: string): string[] {
  return resolved(path).flatMap(each => [each, each.replace(/;[^/]*/g, ''), normalizePath(each.replace(/;[^/]*/g, ''), 'DECODE_AND_MERGE_SLASHES')]);
}

const PATH = fc.tuple(fc.constantFrom('/', '/a', '/a/', '/a/b'), fc.array(fc.constantFrom(...PARTS), { maxLength: 6 })).map(([start, parts]) => start + parts.join(''));
const RULES = [RulePath.exact('/a'), RulePath.prefix('/a'), RulePath.prefix('/a/b'), RulePath.pattern('/a/*')];

test('no path that a prefix or a pattern exempts is forwarded as another path', () => {
  fc.assert(fc.property(PATH, fc.constantFrom(...RULES), (path, rule) => {
    const matches = matcherOf(rule);
    const isExempt = matches(path) && !refuses(path, false);
    expect(isExempt ? understood(path).filter(each => !matches(each)) : []).toEqual([]);
  }), runs(20_000));
});

test('no path is forwarded as one with a login unless the load balancer has recognized it', () => {
  fc.assert(fc.property(PATH, fc.constantFrom(...RULES), (path, rule) => {
    const matches = matcherOf(rule);
    expect(refuses(path, true) ? [] : understood(path).filter(each => matches(each) !== matches(path))).toEqual([]);
  }), runs(20_000));
});

test.each([
  '/', '/a', '/a/b.c', '/.well-known/acme', '/a..b', '/a/..b', '/a/b..', '/a/...', '/%20', '/%5Bx%5D', '/%7B', '/%C3%BC', '/%40', '/@scope%2Fname', '/a/', '/%60', '/100%25',
])('%s is not odd', path => {
  expect(refuses(path, false)).toBe(false);
});

test.each(['/a//b', '/a/./b', '/a/../b', '/a/.', '/a/..', '/a\\b', '/%61', '/a%2Fb/..%2Fc', '/%2e%2e', '/a/..;/b', '/%5C', '/%7e'])('%s is odd', path => {
  expect(refuses(path, false)).toBe(true);
});

test.each(['/a%2Fb', '/a;b', '/a#b'])('%s is odd where a login is at stake', path => {
  expect([refuses(path, false), refuses(path, true)]).toEqual([false, true]);
});

test('its name can be that of a Service', () => {
  expect(ODD_PATHS).toBe('odd-paths');
});
