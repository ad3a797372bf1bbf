// What recording does with answers: only those that say something else replace the recorded ones.
import { updated } from '../../conformance/recorded';
import { endOf, parseRequest } from './requests';

const meaning = ({ result }: { readonly result?: { readonly says?: string } }) => result?.says;

test('an answer is replaced if it says something else, and kept if it is from another version', () => {
  const cases = [
    { name: 'same', result: { says: 'a', by: 'chance' } }, { name: 'changed', result: { says: 'a' } }, { name: 'new' },
    { name: 'kept', answeredBy: '3.5.0', result: { says: 'a' } }, { name: 'silent', result: { says: 'a' } },
  ];
  const answers = [{ name: 'same', result: { says: 'a' } }, { name: 'changed', result: { says: 'b' } }, { name: 'new', result: { says: 'c' } }, undefined, undefined];
  const [now, counts] = updated<(typeof cases)[number]>(cases, answers, meaning);
  expect(now).toEqual([cases[0], answers[1], answers[2], cases[3], cases[4]]);
  expect(counts).toEqual({ cases: 5, added: 1, changed: 1, kept: 1, missing: 1 });
});

test('a line of requests', () => {
  expect(parseRequest('POST https://a.example.com:8443/x/y?q=1&r sni=b.example.com gateway=edge/gw host=c -H "x-a: 1: 2" -H "x-b: "')).toEqual({
    entry: 'gateway', protocol: 'https', port: 8443, sni: 'b.example.com', gateway: 'edge/gw', method: 'POST', host: 'c', path: '/x/y', query: 'q=1&r',
    headers: { 'x-a': '1: 2', 'x-b': '' },
  });
  expect(parseRequest('GET http://web/ port=81 entry=mesh:shop/client')).toMatchObject({ entry: 'mesh shop/client', port: 81 });
  expect(() => parseRequest('GET http://web/ nonsense')).toThrow('unknown word nonsense');
});

test('ends in words', () => {
  const cluster = { kind: 'cluster', host: 'web', port: 80, weight: 100 };
  expect(endOf({ status: 200, error: '', ends: [cluster] })).toBe('200 web:80');
  expect(endOf({ status: 200, error: '', ends: [{ ...cluster, subset: 'v1', weight: 90 }, { ...cluster, weight: 10 }] })).toBe('200 web:80 v1 90%, web:80 10%');
  expect(endOf({ status: 503, error: 'NC cluster_not_found', ends: [cluster] })).toBe('503 NC cluster_not_found');
  expect(endOf({ status: 301, error: '', ends: [{ kind: 'redirect', location: 'https://web/' }] })).toBe('301 https://web/');
  expect(endOf({ status: 0, error: 'no listener', ends: [{ kind: 'error' }] })).toBe('closed, no listener');
});
