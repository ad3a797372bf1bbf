// What the API server refuses never reaches istiod.
import { admission, faultsForModels, faultsOf } from '../../src/api-server/admission';
import { readYaml } from '../../src/manifests/yaml';

function refused(apiVersion: string, kind: string, spec: string): string[] {
  const { admitted, refused: own } = admission(readYaml(`{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: a, namespace: shop}, spec: ${spec}}`, 'a.yaml'));
  expect(admitted).toHaveLength(own.length === 0 ? 1 : 0);
  return own.flatMap(({ faults }) => faults.map(({ pointer, message }) => `${pointer}: ${message}`));
}

test.each(['v1', 'v1beta1', 'v1alpha3'])('objects of Istio in version %s are validated', version => {
  const route = 'hosts: [a.b], http: [{route: [{destination: {host: a}}]}]';
  expect(refused(`networking.istio.io/${version}`, 'VirtualService', `{${route}}`)).toEqual([]);
  expect(refused(`networking.istio.io/${version}`, 'VirtualService', `{gateway: [gw], ${route}}`))
    .toEqual(['/spec/gateway: /spec has no field gateway; its fields: exportTo, gateways, hosts, http, tcp, tls']);
});

test('unknown words are refused', () => {
  expect(refused('security.istio.io/v1', 'PeerAuthentication', '{mtls: {mode: STRIKT}}'))
    .toEqual(['/spec/mtls/mode: "STRIKT" is not one of UNSET, DISABLE, PERMISSIVE, STRICT']);
  expect(refused('security.istio.io/v1beta1', 'AuthorizationPolicy', '{action: ALOW}')).toHaveLength(1);
});

test('objects of other kinds and of unknown versions are admitted', () => {
  expect(refused('elbv2.k8s.aws/v1beta1', 'IngressClassParams', '{nothing: 1}')).toEqual([]);
  expect(refused('networking.istio.io/v2', 'VirtualService', '{nothing: 1}')).toEqual([]);
  expect(refused('apps/v1', 'Deployment', '{nothing: 1}')).toEqual([]);
});

test('metadata, and built-in kinds that a mesh reads, must have values of the right types', () => {
  const faultsOf = (yaml: string) => admission(readYaml(yaml)).refused.flatMap(({ faults }) => faults.map(({ pointer, message }) => `${pointer}: ${message}`));
  expect(faultsOf('{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: a, namespace: n}}')).toEqual([
    '/metadata/namespace: must be a string; got the boolean false: put it in quotes']);
  expect(faultsOf('{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: {metadata: {labels: {version: 1}}}}}')).toEqual([
    '/spec/template/metadata/labels/version: must be a string; got the number 1: put it in quotes']);
  expect(faultsOf('{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {version: 1}}}')).toEqual([]);
});

test('an object that sops encrypted is judged as it is after decryption', () => {
  const encrypted = 'ENC[AES256_GCM,data:p673w==,iv:YY=,tag:UQ==,type:str]';
  const faults = (apiVersion: string, kind: string, rest: object) => faultsOf({ origin: {}, object: { apiVersion, kind, metadata: { name: 'a' }, ...rest } })
    .map(({ pointer, message }) => `${pointer} ${message}`);
  const sops = { mac: encrypted, lastmodified: '2026-01-01T00:00:00Z', encrypted_regex: '^(data|stringData)$', version: '3.9.0' };
  expect(faults('v1', 'Secret', { data: { password: encrypted }, sops })).toEqual([]);
  expect(faults('v1', 'Service', { spec: { ports: [{ port: encrypted }] }, sops })).toEqual([]);
  expect(faults('networking.istio.io/v1', 'Gateway', { spec: { selector: { istio: encrypted }, servers: [] }, sops })).toEqual([]);
  expect(faults('v1', 'Secret', { data: { password: 'plain' }, sops })).toHaveLength(1);
  expect(faults('v1', 'Secret', { data: {}, sops: 'x' })).toHaveLength(1);
});

test('a null of a custom resource is a fault when it is applied, and nothing to the models, which get what creation stores', () => {
  const [manifest] = readYaml(`{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: a, annotations: },
    spec: { hosts: [a], gateways: , http: [{ timeout: , route: [{ destination: { host: b } }] }] } }`);
  expect(faultsOf(manifest).map(({ pointer, message }) => `${pointer}: ${message}`)).toEqual([
    '/spec/gateways: null is no value: remove the field', '/spec/http/0/timeout: null is no value: remove the field',
  ]);
  expect(faultsForModels(manifest)).toEqual([]);
  expect(admission([manifest]).refused).toEqual([]);
});

test('a number that does not fit in 32 bits is stored, and one that does not fit in 64 is none', () => {
  const of = (weight: string) => readYaml(`{ apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: { name: a },
    spec: { hosts: [a], http: [{ route: [{ destination: { host: b }, weight: ${weight} }] }] } }`).flatMap(faultsOf).map(({ pointer }) => pointer);
  expect([of('2147483648'), of('9223372036854775807'), of('1.0e+19')]).toEqual([[], [], ['/spec/http/0/route/0/weight']]);
});
