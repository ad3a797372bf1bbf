// Secrets of Gateways: from which namespace a gateway gets them, and what happens without them.
import { readYaml } from '../../src/manifests/yaml';
import { meshOf, type MeshOptions } from '../../src/mesh/mesh';
import { renderMeshJson } from '../../src/output/mesh-json';
import { renderMeshText } from '../../src/output/mesh-text';
import { EDGE, app, endsOf, istio } from './small-mesh';

const gateway = (tls: string, namespace = 'edge') => istio('Gateway', 'secure',
  `{selector: {app: gw}, servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ["*"], tls: ${tls}}]}`, namespace);
const secret = (name: string, keys: readonly string[], namespace = 'edge') => `
apiVersion: v1
kind: Secret
metadata: {name: ${name}, namespace: ${namespace}}
data: {${keys.map(key => `${key}: ${key.startsWith('empty') ? '""' : 'YQ=='}`).join(', ')}}
---`;
const maker = (apiVersion: string, kind: string, name: string, spec: string) => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: ${name}, namespace: edge}
spec: ${spec}
---`;
const ROUTE = istio('VirtualService', 'vs', '{hosts: ["*"], gateways: [edge/secure, shop/secure], http: [{route: [{destination: {host: s1}}]}]}');
const build = (objects: readonly string[], options?: MeshOptions) => meshOf(readYaml([EDGE, app('s1'), ROUTE, ...objects].join('\n')), options);
const statesOf = (objects: readonly string[], options?: MeshOptions): string[] => {
  const [{ credentials }] = JSON.parse(renderMeshJson(build(objects, options))).gateways;
  return credentials.map(({ use, secret: name, state }: Record<string, string>) => `${use} ${name} ${state}`);
};
const COMPLETE = { complete: true };
const SIMPLE = gateway('{mode: SIMPLE, credentialName: tls}');
const MUTUAL = gateway('{mode: MUTUAL, credentialName: tls}');
const PAIR = ['tls.crt', 'tls.key'];

test.each<[string, string[], MeshOptions, string[]]>([
  ['a Secret of the input is delivered', [SIMPLE, secret('tls', PAIR)], {}, ['certificate edge/tls delivered']],
  ['so is one with the older keys', [SIMPLE, secret('tls', ['cert', 'key'])], {}, ['certificate edge/tls delivered']],
  ['a Secret without a private key is not', [SIMPLE, secret('tls', ['tls.crt', 'key'])], {}, ['certificate edge/tls incomplete']],
  ['a Secret that the input lacks is unknown', [SIMPLE], {}, ['certificate edge/tls unknown']],
  ['a Secret that the cluster lacks is missing', [SIMPLE], COMPLETE, ['certificate edge/tls missing']],
  ['the namespace is that of the pods, whatever that of the Gateway', [gateway('{mode: SIMPLE, credentialName: tls}', 'shop'), secret('tls', PAIR, 'shop')], COMPLETE,
    ['certificate edge/tls missing']],
  ['no name leads to another namespace', [gateway('{mode: SIMPLE, credentialName: shop/tls}'), secret('tls', PAIR, 'shop')], {}, ['certificate shop/tls other-namespace']],
  ['a name may have the own namespace and a scheme', [gateway('{mode: SIMPLE, credentialName: "kubernetes://edge/tls"}'), secret('tls', PAIR)], {},
    ['certificate edge/tls delivered']],
  ['MUTUAL also needs the CA', [MUTUAL, secret('tls', PAIR)], {}, ['certificate edge/tls delivered', 'client-ca edge/tls incomplete']],
  ['which may be a key of the same Secret', [MUTUAL, secret('tls', [...PAIR, 'ca.crt'])], {}, ['certificate edge/tls delivered', 'client-ca edge/tls delivered']],
  ['or a Secret of its own', [MUTUAL, secret('tls', PAIR), secret('tls-cacert', ['cacert'])], {}, ['certificate edge/tls delivered', 'client-ca edge/tls delivered']],
  ['several certificates have the CA of the first', [gateway('{mode: OPTIONAL_MUTUAL, credentialNames: [rsa, ecdsa]}'), secret('rsa', [...PAIR, 'ca.crt']), secret('ecdsa', PAIR)],
    COMPLETE, ['certificate edge/rsa delivered', 'certificate edge/ecdsa delivered', 'client-ca edge/rsa delivered']],
  ['a CA in a ConfigMap is not a Secret', [gateway('{mode: MUTUAL, credentialName: tls, caCertCredentialName: "configmap://edge/ca-cacert"}')], {},
    ['certificate edge/tls unknown']],
  ['the mesh issues the certificate of ISTIO_MUTUAL', [gateway('{mode: ISTIO_MUTUAL}')], COMPLETE, []],
  ['a Certificate makes its Secret', [SIMPLE, maker('cert-manager.io/v1', 'Certificate', 'c', '{secretName: tls}')], {}, ['certificate edge/tls made']],
  ['so does an ExternalSecret', [SIMPLE, maker('external-secrets.io/v1', 'ExternalSecret', 'tls', '{}')], {}, ['certificate edge/tls made']],
  ['and a SealedSecret', [SIMPLE, maker('bitnami.com/v1alpha1', 'SealedSecret', 'tls', '{}')], {}, ['certificate edge/tls made']],
  ['in an input that is all there is, too', [SIMPLE, maker('cert-manager.io/v1', 'Certificate', 'c', '{secretName: tls}')], COMPLETE,
    ['certificate edge/tls made']],
  ['a Certificate for another Secret does not', [SIMPLE, maker('cert-manager.io/v1', 'Certificate', 'c', '{secretName: other}')], COMPLETE,
    ['certificate edge/tls missing']],
  ['a HelmRelease may', [SIMPLE, maker('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'certificates', '{}')], COMPLETE, ['certificate edge/tls unknown']],
])('%s', (_, objects, options, expected) => {
  expect(statesOf(objects, options)).toEqual(expected);
});

test('the namespace of pods that are not in the input is a guess', () => {
  const [{ credentials }] = JSON.parse(renderMeshJson(meshOf(readYaml(gateway('{mode: SIMPLE, credentialName: other/tls}')), COMPLETE))).gateways;
  expect(credentials.map(({ state }: Record<string, string>) => state)).toEqual(['unknown']);
});

test('a Secret that istiod does not deliver, and one that it may not, have a line with the consequence', () => {
  const lines = (objects: readonly string[], options?: MeshOptions) => renderMeshText(build(objects, options)).split('\n').filter(line => line.includes('Secret'));
  const place = '[Gateway edge/secure /spec/servers/0/tls]';
  expect(lines([MUTUAL])).toEqual([
    `  Certificate: Secret edge/tls is not in the input: unless the cluster has it, TLS handshakes fail  ${place}`,
    `  CA of client certificates: Secret edge/tls is not in the input: unless the cluster has it, TLS handshakes fail  ${place}`,
  ]);
  expect(lines([SIMPLE, secret('tls', PAIR, 'shop')])).toEqual([
    `  Certificate: Secret edge/tls is not in the input, which has it only in namespace shop: unless the cluster has it, TLS handshakes fail  ${place}`]);
  expect(lines([SIMPLE], COMPLETE)).toEqual([`  Certificate: Secret edge/tls does not exist: TLS handshakes fail  ${place}`]);
  expect(lines([gateway('{mode: SIMPLE, credentialName: shop/tls}')])).toEqual([
    `  Certificate: Secret shop/tls is not in namespace edge of the gateway's pods: TLS handshakes fail  ${place}`]);
  expect(lines([MUTUAL, secret('tls', ['tls.crt'])])).toEqual([
    `  Certificate: Secret edge/tls has no tls.crt and tls.key, nor cert and key: TLS handshakes fail  ${place}`,
    `  CA of client certificates: Secret edge/tls has no ca.crt, nor cacert: TLS handshakes fail  ${place}`,
  ]);
  expect(lines([SIMPLE, secret('tls', PAIR)])).toEqual([]);
});

test('without its Secret a server closes connections, and one that may have it is traced as if it did', () => {
  expect(endsOf(build([SIMPLE], COMPLETE), 'GET https://a.example.com/')).toEqual(['no-certificate']);
  expect(endsOf(build([SIMPLE]), 'GET https://a.example.com/')).toEqual(['outbound|80||s1.shop.svc.cluster.local']);
});
