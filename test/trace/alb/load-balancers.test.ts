// Which of many load balancers on one port a host leads to.
import { prepareTrace } from '../../../src/trace/models';
import { parseRequest } from '../../../src/trace/client-request';
import { balancedRequest } from '../../../src/trace/alb/rule-match';
import { ingress, manifests, path } from '../small-edge';

const rule = (host?: string) => ({ ...(host === undefined ? {} : { host }), http: { paths: [path('/', 'gw')] } });
const conditions = (field: object) => ({ 'conditions.gw': JSON.stringify([{ field: 'host-header', hostHeaderConfig: field }]) });

const { loadBalancers } = prepareTrace(manifests(
  ingress({}, [rule('a.example.com'), rule('b.example.com')], 'edge/named'),
  ingress({}, [rule('a.example.com')], 'edge/again'),
  ingress({}, [rule('*.wild.example.com')], 'edge/wild'),
  ingress({ ...conditions({ values: ['c*.example.com'] }) }, [rule()], 'edge/inner'),
  ingress({ ...conditions({ regexValues: ['^re[0-9]+\\.example\\.com$'] }) }, [rule()], 'edge/regex'),
  ingress({ 'certificate-arn': '', 'listen-ports': '[{"HTTP": 80}]' }, [rule('http.example.com')], 'edge/http'),
));

const found = (url: string, group?: string) => {
  const request = parseRequest(`GET ${url}`);
  return loadBalancers.candidates(request.port, balancedRequest(request), group).map(({ loadBalancer }) => loadBalancer.group);
};

test.each([
  ['https://b.example.com/', ['edge/named']],
  ['https://a.example.com/', ['edge/again', 'edge/named']],
  ['https://A.EXAMPLE.com:443/', ['edge/again', 'edge/named']],
  ['https://x.y.wild.example.com/', ['edge/wild']],
  ['https://c1.example.com/', ['edge/inner']],
  ['https://re42.example.com/', ['edge/regex']],
  ['http://http.example.com/', ['edge/http']],
])('%s', (url, groups) => {
  expect(found(url)).toEqual(groups);
});

test('a host that only another port has is like one that nobody has', () => {
  expect(found('https://http.example.com/')).toEqual(found('https://nobody.example.com/'));
  expect(found('https://nobody.example.com/')).toEqual(['edge/again', 'edge/inner', 'edge/named', 'edge/regex', 'edge/wild']);
});

test('a rule for any host counts before one for others', () => {
  const { loadBalancers: own } = prepareTrace(manifests(ingress({}, [rule('a.example.com')], 'edge/named'), ingress({}, [rule()], 'edge/any')));
  const of = (host: string) => own.candidates(443, balancedRequest(parseRequest(`GET https://${host}/`))).map(({ loadBalancer }) => loadBalancer.group);
  expect([of('a.example.com'), of('b.example.com')]).toEqual([['edge/named'], ['edge/any']]);
  expect([own.fitOf(balancedRequest(parseRequest('GET https://a.example.com/'))), own.fitOf(balancedRequest(parseRequest('GET https://b.example.com/')))]).toEqual([2, 1]);
});

test('the group that a request names comes first', () => {
  expect(found('https://a.example.com/', 'edge/again')).toEqual(['edge/again']);
  expect(found('https://a.example.com/', 'edge/wild')).toEqual(['edge/wild']);
  expect(found('https://a.example.com/', 'edge/none')).toEqual([]);
});
