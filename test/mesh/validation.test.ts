// What Istio's webhook refuses is not in the cluster, so that nothing of it is programmed.
import { readYaml } from '../../src/manifests/yaml';
import { Configs } from '../../src/mesh/objects/config';
import { istio, security } from './small-mesh';

const refusals = (yaml: string) => new Configs(readYaml(yaml)).refusals.map(({ message }) => message);
const vs = (spec: string) => refusals(istio('VirtualService', 'vs', spec));
const http = (route: string) => vs(`{hosts: [a.example.com], gateways: [gw], http: [${route}]}`);
const gateway = (server: string) => refusals(istio('Gateway', 'gw', `{servers: [${server}]}`));
const ROUTE = 'route: [{destination: {host: s1}}]';

test.each<[string, string[]]>([
  [`{hosts: ["*"], http: [{${ROUTE}}]}`, ['wildcard host * is not allowed for virtual services bound to the mesh gateway']],
  [`{hosts: [a.1], gateways: [gw], http: [{${ROUTE}}]}`, ['domain name "1" invalid (top level domain "1" cannot be all-numeric)']],
  [`{hosts: ["*.a.b", c.a.b], gateways: [gw], http: [{${ROUTE}}]}`, ['duplicate hosts in virtual service: *.a.b & c.a.b']],
  [`{hosts: [a.b, a.b], gateways: [gw], http: [{${ROUTE}}]}`, ['duplicate hosts in virtual service: a.b & a.b']],
  ['{hosts: [a.b], gateways: [gw]}', ['http, tcp or tls must be provided in virtual service']],
  [`{hosts: [a.b], http: [{match: [{headers: {"@request.auth.claims.a": {exact: b}}}], ${ROUTE}}]}`,
    ['JWT claim based routing (key: @request.auth.claims.a) is only supported for gateway, found no gateways: []']],
  [`{hosts: [a.b], gateways: [gw], http: [{match: [{headers: {"@request.auth.claims[a]": {exact: b}}}], ${ROUTE}}]}`, []],
  [`{http: [{delegate: {name: d}, ${ROUTE}}]}`, ['delegate HTTP route cannot contain delegate']],
  [`{gateways: [gw], http: [{${ROUTE}}]}`, ['delegate virtual service must have no gateways specified']],
  [`{hosts: ["*.a.b"], gateways: [gw], tls: [{match: [{sniHosts: [c.a.b, "*.c.a.b"]}], ${ROUTE}}]}`, []],
  [`{hosts: [a.b], gateways: [gw], tls: [{match: [{sniHosts: [c.b]}], ${ROUTE}}]}`, ['SNI host "c.b" is not a compatible subset of any of the virtual service hosts: [a.b]']],
  [`{hosts: [a.b], gateways: [gw], tls: [{${ROUTE}}]}`, ['TLS route must have at least one match condition']],
  ['{hosts: [a.b], gateways: [gw], tcp: [{match: [{port: 1}]}]}', ['TCP route is required']],
  [`{hosts: [10.0.0.1, intranet, a.b.], gateways: [gw], http: [{${ROUTE}}]}`, []],
])('VirtualService %s', (spec, expected) => {
  expect(vs(spec)).toEqual(expected);
});

test.each<[string, string[]]>([
  ['{name: nothing}', ['HTTP route, redirect or direct_response is required']],
  [`{redirect: {uri: /}, ${ROUTE}}`, ['HTTP route cannot contain both route and redirect']],
  [`{match: [{uri: {regex: "("}}], ${ROUTE}}`, ['"uri": error parsing regexp: missing closing ): `(`; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)']],
  [`{match: [{headers: {a: {regex: "*"}}}], ${ROUTE}}`, ['"headers": error parsing regexp: missing argument to repetition operator: `*`; Istio uses RE2 style regex-based match (https://github.com/google/re2/wiki/Syntax)']],
  [`{match: [{uri: {regex: ${'a'.repeat(1025)}}}], ${ROUTE}}`, ['"uri": regex is too large, max length allowed is 1024']],
  ['{redirect: {uri: /}, fault: {delay: {fixedDelay: 1s}}, rewrite: {uri: /}}', ['2 errors occurred:\n\t* HTTP route cannot contain both fault and redirect\n\t* HTTP route rule cannot contain both rewrite and redirect\n\n']],
  ['{redirect: {uri: /}, directResponse: {status: 200}}', ['HTTP route rule cannot contain both direct_response and redirect']],
  [`{mirror: {host: s1}, mirrors: [{destination: {host: s1}}], ${ROUTE}}`, ['HTTP route cannot contain both mirror and mirrors']],
  [`{name: root, delegate: {name: d}, ${ROUTE}}`, ['root HTTP route root must not specify route']],
  ['{name: root, delegate: {name: d}, redirect: {uri: /}}', ['root HTTP route root must not specify redirect']],
  ['{name: root, delegate: {name: d}, rewrite: {uri: /}}', []],
  [`{headers: {request: {set: {":path": /, host: a}, remove: [":path"]}}, ${ROUTE}}`, ['2 errors occurred:\n\t* invalid header ":path": header cannot have ":" prefix\n\t* invalid header ":path": header cannot have ":" prefix\n\n']],
  [`{headers: {response: {set: {Host: a}}}, ${ROUTE}}`, ['invalid header "Host": cannot set Host header']],
  [`{headers: {response: {add: {"": a}}}, ${ROUTE}}`, ['header name cannot be empty']],
  [`{rewrite: {authority: a}, headers: {request: {add: {":authority": b}}}, ${ROUTE}}`, ['authority header cannot be set multiple times: have "a", attempting to set "b"']],
  [`{match: [{withoutHeaders: {a: {regex: "*"}}}], ${ROUTE}}`, []],
  [`{match: [{method: {prefix: ""}}], ${ROUTE}}`, ['"method": prefix string match should not be empty']],
  ['{route: [{destination: {host: s1}}, {destination: {host: s2}}]}', ['total destination weight = 0']],
])('route %s', (route, expected) => {
  expect(http(route)).toEqual(expected);
});

test('several faults are listed as Go lists them', () => {
  expect(http('{name: nothing}, {name: neither}')).toEqual(['2 errors occurred:\n\t* HTTP route, redirect or direct_response is required\n\t* HTTP route, redirect or direct_response is required\n\n']);
});

test.each<[string, string[]]>([
  ['{hosts: ["*"], port: {number: 443, name: https, protocol: HTTPS}}', ['server must have TLS settings for HTTPS/TLS protocols']],
  ['{hosts: ["*"], port: {number: 80, name: http, protocol: HTTP}, tls: {mode: SIMPLE, credentialName: c}}', ['server cannot have TLS settings for plain text HTTP ports']],
  ['{hosts: ["*"], port: {number: 80, name: http, protocol: HTTP}, tls: {httpsRedirect: true}}', []],
  ['{hosts: ["*"], port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE}}', ['2 errors occurred:\n\t* SIMPLE TLS requires a server certificate\n\t* SIMPLE TLS requires a private key\n\n']],
  ['{hosts: ["*"], port: {number: 443, name: https, protocol: HTTPS}, tls: {mode: ISTIO_MUTUAL, credentialName: c}}', ['ISTIO_MUTUAL TLS cannot have associated credentialName']],
  ['{hosts: [short], port: {number: 80, name: http, protocol: HTTP}}', ['short names (non FQDN) are not allowed']],
  ['{hosts: ["*-a.example.com"], port: {number: 80, name: http, protocol: HTTP}}', ['partial wildcard "*-a.example.com" not allowed']],
  ['{hosts: ["*"], port: {number: 80, name: http, protocol: HTTPX}}', ['invalid protocol "HTTPX", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP']],
  ['{hosts: ["*"], port: {number: 80, name: a, protocol: HTTP}}, {hosts: ["*"], port: {number: 81, name: a, protocol: HTTP}}', ['port names in servers must be unique: duplicate name a']],
])('server %s', (server, expected) => {
  expect(gateway(server)).toEqual(expected);
});

test('policies that could never have an effect', () => {
  expect(refusals(security('AuthorizationPolicy', 'ap', '{action: DENY}'))[0]).toMatch(/^DENY action without `rules` is meaningless/);
  expect(refusals(security('AuthorizationPolicy', 'ap', '{rules: [{from: []}, {to: [{operation: {}}]}]}')))
    .toEqual(['2 errors occurred:\n\t* `from` must not be empty, found at rule 0\n\t* `to.operation` must not be empty, found at rule 1\n\n']);
  expect(refusals(security('PeerAuthentication', 'pa', '{portLevelMtls: {"80": {mode: STRICT}}}'))).toEqual(['mesh/namespace peer authentication cannot have port level mTLS']);
  expect(refusals(security('AuthorizationPolicy', 'ap', '{}'))).toEqual([]);
});

test.each<[string, string[]]>([
  ['{}', ['sidecar: empty configuration provided']],
  ['{outboundTrafficPolicy: {mode: REGISTRY_ONLY}}', []],
  ['{egress: [{hosts: ["~/*", "*/a.b", "ns/*.a.b"]}]}', []],
  ['{egress: [{hosts: [foo]}]}', ['host must be of form namespace/dnsName']],
  ['{egress: [{hosts: [n_s/a.b]}]}', ['invalid namespace value "n_s" in sidecar']],
  ['{egress: [{hosts: ["./*-a.b.c"]}]}', ['partial wildcard "*-a.b.c" not allowed']],
  ['{egress: [{}]}', ['sidecar: egress listener must contain at least one host']],
  ['{egress: [{hosts: ["./*"]}, {port: {number: 80, protocol: HTTP, name: a}, hosts: ["./*"]}]}',
    ['sidecar: the egress listener with empty port should be the last listener in the list']],
  ['{egress: [{port: {number: 0, protocol: HTTP}, bind: "unix:///a", hosts: ["./*"]}]}', []],
  ['{egress: [{port: {number: 0, protocol: HTTP}, hosts: ["./*"]}]}', ['sidecar: ports with 0 value must have a unix domain socket bind address']],
  ['{ingress: [{port: {number: 80, protocol: HTTP}}, {port: {number: 80, protocol: HTTP}}]}', ['sidecar: ports on IP bound listeners must be unique']],
  ['{ingress: [{port: {number: 80, protocol: HTTPX, name: A_b}}]}', ['2 errors occurred:\n\t* invalid port name: A_b\n\t* unsupported protocol: HTTPX\n\n']],
  ['{ingress: [{port: {number: 80, protocol: HTTP}, defaultEndpoint: "127.0.0.1:x"}]}', ['sidecar: defaultEndpoint port (x) is not a number']],
  ['{ingress: [{port: {number: 80, protocol: HTTP}, defaultEndpoint: "[::1]:80"}]}', []],
  ['{workloadSelector: {labels: {a: "*"}}}', ['wildcard is not supported in selector: "a=*"']],
  ['{outboundTrafficPolicy: {egressProxy: {host: a.b, port: {number: 80}}}}', ['sidecar: egress_proxy must be set only with ALLOW_ANY outbound_traffic_policy mode']],
])('Sidecar %s', (spec, expected) => {
  expect(refusals(istio('Sidecar', 'sc', spec))).toEqual(expected);
});

test.each<[string, string, string[]]>([
  ['PeerAuthentication', '{selector: {matchLabels: {a: b}}, portLevelMtls: {"0": {mode: STRICT}}}', ['port must be in range 1..65535']],
  ['PeerAuthentication', '{selector: {matchLabels: {a: "*"}}}', ['wildcard is not supported in selector: "a=*"']],
  ['AuthorizationPolicy', '{provider: {name: x}}', ['`provider` must not be with non CUSTOM action, found ALLOW']],
  ['AuthorizationPolicy', '{action: CUSTOM, provider: {name: x}, rules: [{from: [{source: {principals: [a]}}]}]}', ['From.Principals is currently not supported with CUSTOM action']],
  ['AuthorizationPolicy', '{targetRefs: [{kind: Service, group: "", name: a}]}', []],
  ['AuthorizationPolicy', '{selector: {matchLabels: {a: b}}, targetRef: {kind: Service, name: a}}', ['only one of targetRefs or workloadSelector can be set']],
  ['AuthorizationPolicy', '{rules: [{from: [{source: {ipBlocks: [10.0.0.0/08]}}]}]}', ['bad CIDR range (10.0.0.0/08)']],
  ['RequestAuthentication', '{targetRef: {kind: Pod, name: a}}', ['targetRef must be to one of Service, ServiceEntry, Gateway and GatewayClass but was /Pod']],
])('%s %s', (kind, spec, expected) => {
  expect(refusals(security(kind, 'p', spec))).toEqual(expected);
});

test.each<[string, string[]]>([
  ['{hosts: [a.b], addresses: [foo, 10.0.0.0/99], ports: []}', ['2 errors occurred:\n\t* 10.0.0.0/99 is not a valid CIDR block\n\t* foo is not a valid IP\n\n']],
  ['{hosts: [a.b, c.d], ports: [{number: 80, name: a, protocol: TCP}], resolution: DNS}', ['multiple hosts provided with non-HTTP, non-TLS ports']],
  ['{hosts: [a.b], ports: [{number: 80, name: a, protocol: HTTP}], resolution: DYNAMIC_DNS}', ['host must be wildcarded for resolution mode DYNAMIC_DNS']],
  ['{hosts: [a.b], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{network: n2}, {address: 1.2.3.4}]}', []],
  ['{hosts: [a.b], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{labels: {a: b}}]}', ['address is required']],
])('ServiceEntry %s', (spec, expected) => {
  expect(refusals(istio('ServiceEntry', 'se', spec))).toEqual(expected);
});

test('labels of a subset are labels of pods', () => {
  expect(refusals(istio('DestinationRule', 'dr', '{host: a, subsets: [{name: a, labels: {"a.b/c": ""}}, {name: b, labels: {"a b": "c d"}}]}')))
    .toEqual(['2 errors occurred:\n\t* invalid tag key: "a b"\n\t* invalid tag value: "c d"\n\n']);
});
