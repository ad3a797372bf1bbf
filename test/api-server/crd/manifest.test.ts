// Manifests of Istio and of the controller against the CRDs of their kinds, family by family.
import { schemaOf, validatedKinds } from '../../../src/api-server/crd/validator';
import { validateManifest } from '../../../src/api-server/crd/validate-manifest';
import { appliedFolders, committedManifests } from '../../committed-manifests';

const GROUPS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  EnvoyFilter: 'networking.istio.io/v1alpha3',
  IngressClassParams: 'elbv2.k8s.aws/v1beta1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  TargetGroupBinding: 'elbv2.k8s.aws/v1beta1',
  Telemetry: 'telemetry.istio.io/v1',
  WasmPlugin: 'extensions.istio.io/v1alpha1',
};

function faults(kind: string, spec: object): string[] | undefined {
  return validateManifest({ apiVersion: GROUPS[kind] ?? 'networking.istio.io/v1', kind, metadata: { name: 'a' }, spec })
    ?.map(({ pointer, message }) => `${pointer}: ${message}`);
}

const route = [{ destination: { host: 'a' } }];
const server = { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['a.example'] };
const balanced = (loadBalancer: object) => ({ host: 'a', trafficPolicy: { loadBalancer } });
const entry = { hosts: ['a.example'], ports: [{ name: 'http', number: 80 }] };
const selector = { matchLabels: { app: 'a' } };
const tagged = (tagOverrides: object) => ({ metrics: [{ overrides: [{ tagOverrides }] }] });

describe.each<[kind: string, good: object, cases: readonly [spec: object, ...faults: string[]][]]>([
  ['VirtualService', { hosts: ['a'], http: [{ match: [{ uri: { prefix: '/' } }], route, timeout: '5s' }] }, [
    [{ http: [{ match: [{ uri: { prefix: '/', exact: '/' } }] }] }, '/spec/http/0/match/0/uri: only one of exact, prefix, regex can be set; exact and prefix are'],
    [{ http: [{ redirect: { port: 80, derivePort: 'FROM_REQUEST_PORT' } }] }, '/spec/http/0/redirect: only one of port, derivePort can be set; port and derivePort are'],
    [{ http: [{ timeout: '5' }] }, '/spec/http/0/timeout: must be a valid duration greater than 1ms (Failed to parse duration: invalid syntax)'],
    [{ http: [{ timeout: '0s' }] }, '/spec/http/0/timeout: must be a valid duration greater than 1ms'],
    [{ http: [{ route: [{ weight: '50' }] }] }, '/spec/http/0/route/0: the field destination is required', '/spec/http/0/route/0/weight: "50" is not of type integer'],
    [{ http: [{ route, retry: {} }] }, '/spec/http/0/retry: /spec/http/0 has no field retry; its fields: corsPolicy, delegate, directResponse, fault, headers, match, '
      + 'mirror, mirrorPercent, mirrorPercentage, mirror_percent, mirrors, name, …'],
    [{ http: [{ directResponse: { status: -1 } }] }, '/spec/http/0/directResponse/status: -1 must be >= 0'],
  ]],
  ['Gateway', { selector: { istio: 'ingressgateway' }, servers: [server] }, [
    [{ servers: [{ ...server, tls: { mode: 'SIMPLER' } }] }, '/spec/servers/0/tls/mode: "SIMPLER" is not one of PASSTHROUGH, SIMPLE, MUTUAL, AUTO_PASSTHROUGH, ISTIO_MUTUAL, OPTIONAL_MUTUAL'],
    [{ servers: [{ ...server, tls: { mode: 'SIMPLE', credentialName: 'a', credentialNames: ['b'] } }] },
      '/spec/servers/0/tls: only one of credentialName or credentialNames can be set'],
    [{ servers: [{ port: server.port }] }, '/spec/servers/0: the field hosts is required'],
    [{ servers: [{ ...server, hosts: 'a' }] }, '/spec/servers/0/hosts: "a" is not of type array'],
    [{ server: [] }, '/spec/server: /spec has no field server; its fields: selector, servers'],
  ]],
  ['DestinationRule', balanced({ consistentHash: { useSourceIp: true, maglev: {} } }), [
    [balanced({ simple: 'RANDOM', consistentHash: {} }), '/spec/trafficPolicy/loadBalancer: only one of simple, consistentHash can be set; simple and consistentHash are'],
    [balanced({ consistentHash: { useSourceIp: true, httpHeaderName: 'a', maglev: {}, ringHash: {} } }),
      '/spec/trafficPolicy/loadBalancer/consistentHash: only one of httpHeaderName, httpCookie, useSourceIp, httpQueryParameterName can be set; httpHeaderName and useSourceIp are',
      '/spec/trafficPolicy/loadBalancer/consistentHash: only one of ringHash, maglev can be set; ringHash and maglev are'],
    [{ host: 'a', trafficPolicy: { connectionPool: { tcp: { connectTimeout: 5 } } } }, '/spec/trafficPolicy/connectionPool/tcp/connectTimeout: 5 is not of type string'],
    [{ host: 'a', workloadSelector: { matchLabels: { '*': '*' } } },
      '/spec/workloadSelector/matchLabels: wildcard not allowed in label key match',
      '/spec/workloadSelector/matchLabels/*: wildcard not allowed in label value match'],
    [{}, '/spec: the field host is required'],
  ]],
  ['PeerAuthentication', { selector, mtls: { mode: 'STRICT' }, portLevelMtls: { 8080: { mode: 'DISABLE' } } }, [
    [{ portLevelMtls: { 8080: { mode: 'DISABLE' } } }, '/spec: portLevelMtls requires selector'],
    [{ selector: { matchLabels: {} }, portLevelMtls: { 8080: {} } }, '/spec: portLevelMtls requires selector'],
    [{ selector, portLevelMtls: { 70000: {} } }, '/spec/portLevelMtls: port must be between 1-65535'],
    [{ selector, portLevelMtls: {} }, '/spec/portLevelMtls: {} must NOT have fewer than 1 properties'],
    [{ mtls: { mode: 'strict' } }, '/spec/mtls/mode: "strict" is not one of UNSET, DISABLE, PERMISSIVE, STRICT'],
  ]],
  ['AuthorizationPolicy', { selector, rules: [{ from: [{ source: { principals: ['a'] } }] }] }, [
    [{ selector, targetRefs: [{ kind: 'Gateway', name: 'a', group: 'gateway.networking.k8s.io' }] }, '/spec: only one of targetRefs or selector can be set'],
    [{ targetRefs: [{ kind: 'Gateway', name: 'a', namespace: 'b' }] }, '/spec/targetRefs/0/namespace: cross namespace referencing is not currently supported'],
    [{ rules: [{ from: [{ source: { principals: ['a'], serviceAccounts: ['b'] } }] }] },
      '/spec/rules/0/from/0/source: Cannot set serviceAccounts with namespaces or principals'],
    [{ rules: [{ when: [{ values: ['a'] }] }] }, '/spec/rules/0/when/0: the field key is required'],
  ]],
  ['RequestAuthentication', { jwtRules: [{ issuer: 'a', jwksUri: 'https://a/keys' }] }, [
    [{ jwtRules: [{ issuer: 'a', jwksUri: 'a/keys' }] },
      '/spec/jwtRules/0/jwksUri: url must have scheme http:// or https:// ("a/keys" is not a URL)'],
    [{ jwtRules: [{ issuer: '', jwksUri: 'http://a', jwks: '{}' }] },
      '/spec/jwtRules/0: only one of jwks or jwksUri can be set', '/spec/jwtRules/0/issuer: "" must NOT have fewer than 1 characters'],
  ]],
  ['ServiceEntry', { ...entry, resolution: 'STATIC', addresses: ['10.0.0.0/8'], endpoints: [{ address: '10.0.0.1' }] }, [
    [{ ...entry, addresses: ['10.0.0.0/8'], resolution: 'DNS' }, '/spec: CIDR addresses are allowed only for NONE/STATIC resolution types'],
    [{ ...entry, endpoints: [{ address: 'a' }] }, '/spec: NONE mode cannot set endpoints'],
    [{ ...entry, workloadSelector: {}, endpoints: [], resolution: 'DNS' }, '/spec: only one of WorkloadSelector or Endpoints can be set'],
    [{ ...entry, resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'a' }, { address: 'b' }] }, '/spec: DNS_ROUND_ROBIN mode cannot have multiple endpoints'],
    [{ ...entry, resolution: 'STATIC', endpoints: [{}] }, '/spec/endpoints/0: Address is required'],
    [{ ...entry, resolution: 'STATIC', endpoints: [{ address: 'unix://a', ports: { http: 80 } }] },
      '/spec/endpoints/0: UDS may not include ports', '/spec/endpoints/0/address: UDS must be an absolute path or abstract socket'],
    [{ ...entry, hosts: ['*'] }, '/spec/hosts/0: hostname cannot be wildcard'],
    [{ ...entry, ports: [{ name: 'a', number: 80 }, { name: 'a', number: 80 }] },
      '/spec/ports: entries 0 and 1 have the same name "a"', '/spec/ports: port number cannot be duplicated'],
  ]],
  ['Telemetry', tagged({ a: { operation: 'UPSERT', value: 'b' }, c: { operation: 'REMOVE' } }), [
    [tagged({ a: { operation: 'UPSERT' } }), '/spec/metrics/0/overrides/0/tagOverrides/a: value must be set when operation is UPSERT (field not found: value)'],
    [tagged({ a: { operation: 'REMOVE', value: 'b' } }), '/spec/metrics/0/overrides/0/tagOverrides/a: value must not be set when operation is REMOVE'],
    [{ tracing: [{ randomSamplingPercentage: 101 }] }, '/spec/tracing/0/randomSamplingPercentage: 101 must be <= 100'],
  ]],
  ['EnvoyFilter', { configPatches: [{ applyTo: 'HTTP_FILTER', patch: { operation: 'MERGE', value: { any: ['thing'] } } }] }, [
    [{ configPatches: [{ match: { context: 'WAYPOINT' } }] }, '/spec/configPatches/0/match: only support waypointMatch when context is WAYPOINT'],
    [{ workloadSelector: {}, targetRefs: [] }, '/spec: only one of targetRefs or workloadSelector can be set'],
  ]],
  ['WasmPlugin', { url: 'oci://registry.example/a:1', pluginConfig: { any: 'thing' } }, [
    [{ url: 's3://a' }, '/spec/url: url must have schema one of [http, https, file, oci]'],
    [{ url: 'oci://a', sha256: 'abc' }, '/spec/sha256: "abc" does not match (^$|^[a-f0-9]{64}$)'],
  ]],
  ['TargetGroupBinding', { serviceRef: { name: 'a', port: 'http' }, targetGroupARN: 'arn:aws:a' }, [
    [{ serviceRef: { name: 'a', port: true } }, '/spec/serviceRef/port: true is not of type integer or string'],
    [{ serviceRef: { name: 'a', port: 80 }, targetType: 'pod' }, '/spec/targetType: "pod" is not one of instance, ip'],
  ]],
  ['IngressClassParams', { prefixListsIDs: ['pl-1'] }, [
    [{ prefixListsIDs: ['pl-1'], PrefixListsIDs: ['pl-1'] }, "/spec: cannot specify both 'prefixListsIDs' and 'PrefixListsIDs' fields"],
    [{ scheme: 'public' }, '/spec/scheme: "public" is not one of internal, internet-facing'],
  ]],
])('%s', (kind, good, cases) => {
  it('is valid', () => {
    expect(faults(kind, good)).toEqual([]);
  });

  it.each(cases)('is not: %j', (spec, ...wanted) => {
    expect(faults(kind, spec)).toEqual(wanted);
  });
});

test('every kind is compiled, with all its patterns, formats and rules', () => {
  const kinds = validatedKinds().map(kind => kind.split(' '));
  expect(kinds).toHaveLength(18);
  expect(kinds.filter(([apiVersion, kind]) => validateManifest({ apiVersion, kind, metadata: {} }) === undefined)).toEqual([]);
});

test('other kinds, other versions and values that are not objects are unknown', () => {
  expect([{ apiVersion: 'v1', kind: 'Service' }, { apiVersion: 'networking.istio.io/v0', kind: 'Gateway' }, {}, null, 'a', []].map(validateManifest))
    .toEqual(Array(6).fill(undefined));
});

test('a kind or an API version that is not a text is unknown, even one that JavaScript cannot convert to a text', () => {
  const unprintable = { toString: false };
  const manifests = [['v1', unprintable], [unprintable, 'Gateway'], ['networking.istio.io/v1', ['Gateway']]].map(([apiVersion, kind]) => ({ apiVersion, kind }));
  expect(manifests.map(validateManifest)).toEqual([undefined, undefined, undefined]);
});

test('a fault has its kind and the rule that it violates', () => {
  const gateway = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: {}, sepc: {}, spec: { servers: [{ ...server, tls: { mode: 1 } }] } };
  expect(validateManifest(gateway)).toMatchObject([
    { kind: 'unknown-field', pointer: '/sepc', message: 'the manifest has no field sepc; its fields: apiVersion, kind, metadata, spec, status' },
    { kind: 'schema', pointer: '/spec/servers/0/tls/mode', rule: 'type' },
  ]);
  expect(validateManifest({ ...gateway, sepc: undefined })?.map(fault => fault.pointer)).toEqual(['/spec/servers/0/tls/mode']);
});

test('the status of a manifest is ignored, as in the API server', () => {
  expect(schemaOf('networking.istio.io/v1 Gateway')?.properties?.status).toEqual({ 'x-kubernetes-preserve-unknown-fields': true });
});

test('the committed manifests of the examples are valid', () => {
  const validated = appliedFolders().flatMap(committedManifests).map(manifest => ({ manifest, faults: validateManifest(manifest) }))
    .filter(each => each.faults !== undefined);
  expect(validated.flatMap(each => each.faults)).toEqual([]);
  expect(new Set(validated.map(({ manifest }) => manifest.kind))).toEqual(new Set([
    'Gateway', 'PeerAuthentication', 'VirtualService', 'DestinationRule', 'AuthorizationPolicy', 'RequestAuthentication', 'Telemetry', 'EnvoyFilter',
    'ServiceEntry', 'Sidecar',
  ]));
});

test('loads the validators only for the first manifest', () => {
  jest.isolateModules(() => {
    jest.doMock('../../../src/api-server/crd/validator', () => { throw new Error('loaded'); });
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { validateManifest: fresh } = require('../../../src/api-server/crd/validate-manifest');
    expect(() => fresh({})).toThrow('loaded');
  });
});
