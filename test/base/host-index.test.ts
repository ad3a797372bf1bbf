import * as fc from 'fast-check';
import { HostIndex, compareSpecificity, isSubsetHost } from '../../src/base/host-index';

const host = fc.oneof(
  fc.array(fc.constantFrom('a', 'b', 'aa'), { minLength: 1, maxLength: 4 }).map(labels => labels.join('.')),
  fc.array(fc.constantFrom('a', 'b', 'aa'), { minLength: 0, maxLength: 3 }).map(labels => `*.${labels.join('.')}`),
  fc.constantFrom('*', '*a.b', '*-a'),
);

/** pkg/config/host/names.go Intersection, for one host on each side. */
function intersection(server: string, other: string): string | undefined {
  return isSubsetHost(server, other) ? server : isSubsetHost(other, server) ? other : undefined;
}

test('the index finds the same overlaps as a comparison of all pairs', () => {
  fc.assert(fc.property(fc.array(host, { maxLength: 12 }), host, (hosts, server) => {
    const index = new HostIndex<number>();
    hosts.forEach((one, rank) => index.add(one, rank));
    const expected = hosts.flatMap((one, rank) => {
      const both = intersection(server, one);
      return both === undefined ? [] : [[both, rank] as const];
    });
    const sorted = (pairs: readonly (readonly [string, number])[]) => pairs.map(pair => pair.join(' ')).sort();
    expect(sorted(index.overlapping(server))).toEqual(sorted(expected));
  }));
});

test('the most specific host that covers a name wins', () => {
  fc.assert(fc.property(fc.array(host, { maxLength: 12 }), host.filter(one => !one.startsWith('*')), (hosts, name) => {
    const index = new HostIndex<string>();
    hosts.forEach(one => index.add(one, one));
    const [best] = hosts.filter(one => isSubsetHost(name, one)).sort(compareSpecificity);
    expect(index.mostSpecific(name)[0]).toBe(best);
  }));
});

test('a wildcard covers names at any depth, but not what it is a wildcard of', () => {
  expect(isSubsetHost('a.b.example.com', '*.example.com')).toBe(true);
  expect(isSubsetHost('example.com', '*.example.com')).toBe(false);
  expect(isSubsetHost('*.example.com', '*.com')).toBe(true);
  expect(isSubsetHost('*.com', '*.example.com')).toBe(false);
  expect(isSubsetHost('v1-api.example.com', '*-api.example.com')).toBe(true);
});
