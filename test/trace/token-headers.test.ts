// Headers that a RequestAuthentication sets from the claims of a token, and what they replace.
import { EDGE, PLAIN_GATEWAY, app, security } from '../mesh/small-mesh';
import { endsOf, routes, to } from './small-edge';

const rule = (more: string) => `jwtRules: [{issuer: "https://i", jwksUri: "https://i/keys", ${more}}]`;
const tokens = (more: string, at = 'gw') => security('RequestAuthentication', 'ra', `{selector: {matchLabels: {app: ${at}}}, ${rule(more)}}`, at === 'gw' ? 'edge' : 'shop');
const OUTPUT = 'outputClaimToHeaders: [{header: X-Sub, claim: sub}, {header: x-n, claim: a.n}]';
const by = (header: string, match: string) => [EDGE, PLAIN_GATEWAY, routes(`{match: [{headers: {${header}: ${match}}}], ${to('s1')}}, {${to('s2')}}`), app('s1'), app('s2')];
const end = (objects: readonly string[], words: string) => endsOf(objects, `GET http://a.example.com/ ${words} via=gateway:80`);
const ANN = 'claims={"iss":"https://i","sub":"ann","a":{"n":1.5}}';

test('routes see claims of an accepted token', () => {
  expect(end([...by('x-sub', '{exact: ann}'), tokens(OUTPUT)], ANN)).toBe('s1.shop:80');
  expect(end([...by('x-n', '{exact: "1.500000"}'), tokens(OUTPUT)], ANN)).toBe('s1.shop:80');
  expect(end([...by('x-sub', '{exact: ann}'), tokens(OUTPUT)], `${ANN} x-sub=eve`)).toBe('s1.shop:80');
  expect(end([...by('x-sub', '{exact: eve}'), tokens(OUTPUT)], `${ANN} x-sub=eve`)).toBe('s2.shop:80');
  expect(end([...by('x-sub', '{exact: ann}'), tokens('forwardOriginalToken: true')], ANN)).toBe('s2.shop:80');
});

test('routes see the payload', () => {
  expect(end([...by('x-payload', '{regex: "[A-Za-z0-9_-]+"}'), tokens('outputPayloadToHeader: X-Payload')], ANN)).toBe('s1.shop:80');
});

test('without a token, routes are chosen by what the client says, and policies do not see it', () => {
  const deny = security('AuthorizationPolicy', 'p', '{selector: {matchLabels: {app: gw}}, action: DENY, rules: [{when: [{key: "request.headers[x-sub]", values: [ann]}]}]}', 'edge');
  expect(end([...by('x-sub', '{exact: ann}'), tokens(OUTPUT), deny], 'x-sub=ann')).toBe('s1.shop:80');
  expect(end([...by('x-sub', '{exact: ann}'), tokens(OUTPUT), deny], ANN)).toBe('403 denied');
  expect(end([...by('x-sub', '{exact: ann}'), deny], 'x-sub=ann')).toBe('403 denied');
});

test('policies of pods see the headers that their own sidecar sets, and none that clients set', () => {
  const allow = security('AuthorizationPolicy', 'p', '{action: ALLOW, rules: [{when: [{key: "request.headers[x-sub]", values: [ann]}]}]}');
  const objects = [EDGE, PLAIN_GATEWAY, routes(`{${to('s1')}}`), app('s1', 'shop', { sidecar: true }), allow, tokens(OUTPUT, 's1')];
  expect([ANN, 'x-sub=ann', `${ANN} x-sub=eve`].map(words => end(objects, words))).toEqual(['s1.shop:80', '403 not allowed', 's1.shop:80']);
});

test('a token that is not forwarded is gone for policies, too', () => {
  const deny = security('AuthorizationPolicy', 'p', '{selector: {matchLabels: {app: gw}}, action: DENY, rules: [{when: [{key: "request.headers[authorization]", values: ["*"]}]}]}', 'edge');
  expect(['forwardOriginalToken: true', 'forwardOriginalToken: false'].map(forward => end([...by('x-other', '{exact: other}'), tokens(forward), deny], ANN))).toEqual(['403 denied', 's2.shop:80']);
});
