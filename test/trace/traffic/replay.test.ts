// Replayed traffic: where it ends, what moves, and what the log contradicts.
import { parseRequest } from '../../../src/trace/client-request';
import { type TraceEnd, refusedEnd } from '../../../src/trace/hops/trace-end';
import { contradictionsOf, destinationsOf, movesOf } from '../../../src/trace/traffic/replay';
import { Traffic } from '../../../src/trace/traffic/traffic';

const END: Readonly<Record<string, TraceEnd>> = {
  '/web': { probability: 1, kind: 'workload', to: 'web.shop:80' },
  '/old': { probability: 1, kind: 'redirect', to: '301 /new', status: 301 },
  '/gone': { probability: 1, kind: 'refused', to: '404 no route', status: 404 },
  '/shut': { probability: 1, kind: 'refused', to: 'closed no listener' },
  '/token': refusedEnd('invalid-token', 1),
  '/certificate': refusedEnd('no-client-certificate', 1),
  '/eh': { probability: 1, kind: 'unsupported', to: 'unsupported: web.shop:80' },
};
const endsOf = ({ target }: { readonly target: string }) => [END[target]];

/** Requests as `path status header`: a star marks a response of which the log says that nobody behind gave it. */
function traffic(...entries: readonly string[]): Traffic {
  const found = new Traffic();
  entries.forEach((entry, index) => {
    const [path, status = '200', header = ''] = entry.split(' ');
    const observed = { status: Number(status.replace('*', '')), isForwarded: !status.endsWith('*') };
    found.add({ request: parseRequest(`GET https://a.example.com${path} ${header}`), observed }, 'access.log', index + 1);
  });
  return found;
}

test('requests are grouped by their ends, the most frequent first', () => {
  const found = destinationsOf(traffic('/gone', '/web', '/web', '/old').requests, endsOf);
  expect(found.map(({ to, count, isByDesign }) => [to, count, isByDesign])).toEqual([['web.shop:80', 2, true], ['404 no route', 1, false], ['301 /new', 1, true]]);
});

test('requests that end elsewhere are grouped by both ends', () => {
  const { requests } = traffic('/web', '/gone', '/gone', '/old');
  expect(movesOf(requests, endsOf, endsOf)).toEqual([]);
  const after = ({ target }: { readonly target: string }) => [END[target === '/gone' ? '/web' : target === '/web' ? '/shut' : target]];
  expect(movesOf(requests, endsOf, after).map(own => [own.before, own.after, own.count, own.requests.map(({ line }) => line)])).toEqual([
    ['404 no route', 'web.shop:80', 2, ['GET https://a.example.com/gone']], ['web.shop:80', 'closed no listener', 1, ['GET https://a.example.com/web']],
  ]);
});

test('requests that end in the same place are moved if what the workload sees or the client gets is another', () => {
  const to = (end: Partial<TraceEnd>) => () => [{ ...END['/web'], ...end }];
  const split = (...ends: readonly Partial<TraceEnd>[]) => () => ends.map(end => ({ ...END['/web'], probability: 1 / ends.length, ...end }));
  const { requests } = traffic('/a', '/b', '/b');
  const differences = (before: typeof endsOf, after: typeof endsOf) => movesOf(requests, before, after).map(own => [own.before, own.after, own.count, own.differences]);
  const web = (...found: readonly object[]) => [['web.shop:80', 'web.shop:80', 3, found]];
  expect(differences(({ target }) => to({ path: target })(), ({ target }) => to({ path: `/v2${target}` })())).toEqual(web({ what: 'path', before: '/b', after: '/v2/b' }));
  expect(differences(to({ path: '/', authority: 'a' }), to({ path: '/x', authority: 'b' })))
    .toEqual(web({ what: 'path', before: '/', after: '/x' }, { what: 'host', before: 'a', after: 'b' }));
  const response = (body?: string) => to({ kind: 'response', to: '503', ...(body === undefined ? {} : { body }) });
  expect(differences(response('old'), response())).toEqual([['503', '503', 3, [{ what: 'body', before: 'old', after: '' }]]]);
  const doubtful = (path: string) => to({ kind: 'undefined', to: 'undefined: web.shop:80', candidates: [{ ...END['/web'], path }, { ...END['/web'], path: '/' }] });
  expect(differences(doubtful('/a'), doubtful('/b'))).toEqual([
    ['undefined: web.shop:80', 'undefined: web.shop:80', 3, [{ what: 'path', before: '/a or /', after: '/b or /' }]],
  ]);
  const [v1, v2] = [{ to: 'web.shop:80@v1', path: '/' }, { to: 'web.shop:80@v2', path: '/' }];
  expect(differences(split(v1, v2), split(v1, { ...v2, path: '/x' }))).toMatchObject([[expect.any(String), expect.any(String), 3, [{ what: 'path', before: '/', after: '50% /, 50% /x' }]]]);
  expect(differences(split(v1, v2), split(v2, v1))).toEqual([]);
});

test.each<[entry: string, found: readonly unknown[]]>([
  ['/web 200', []],
  ['/web 302', []],
  ['/web 404', [[404, 'web.shop:80', true]]],
  ['/web 404*', [[404, 'web.shop:80', false]]],
  ['/web 200*', [[200, 'web.shop:80', false]]],
  ['/old 301*', []],
  ['/old 302', [[302, '301 /new', false]]],
  ['/gone 404', []],
  ['/gone 200', [[200, '404 no route', false]]],
  ['/shut 503', [[503, 'closed no listener', false]]],
  ['/eh 403', []],
  ['/token 200', []],
  ['/token 200 authorization=x', [[200, '401 invalid token', false]]],
  ['/certificate 200', []],
])('%s in the log contradicts the trace: %j', (entry, expected) => {
  const found = contradictionsOf(destinationsOf(traffic(entry).requests, endsOf));
  expect(found.map(({ status, to, isPossible }) => [status, to, isPossible])).toEqual(expected);
});

test('what certainly contradicts comes first', () => {
  const found = contradictionsOf(destinationsOf(traffic('/web 404', '/web 404', '/gone 200').requests, endsOf));
  expect(found.map(({ status, count, isPossible }) => [status, count, isPossible])).toEqual([[200, 1, false], [404, 2, true]]);
});
