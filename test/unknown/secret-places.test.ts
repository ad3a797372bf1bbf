// Where the input has a Secret: as such, or as an object that makes it.
import { object, subjectOf } from '../manifests';

const secret = (name: string) => object('v1', 'Secret', name);
const certificate = object('cert-manager.io/v1', 'Certificate', 'shop/web', { secretName: 'tls' });

test.each([
  ['a Secret in one other namespace', [secret('shop/tls')], 'shop'],
  ['a Certificate in one other namespace', [certificate], 'shop'],
  ['both in the same one', [secret('shop/tls'), certificate], 'shop'],
  ['an ExternalSecret in the right one, too', [secret('shop/tls'), object('external-secrets.io/v1', 'ExternalSecret', 'edge/tls', {})], undefined],
  ['two other namespaces', [secret('shop/tls'), secret('lab/tls')], undefined],
  ['none', [secret('shop/other')], undefined],
  ['one that Reflector copies', [object('v1', 'Secret', 'shop/tls', undefined, { 'reflector.v1.k8s.emberstack.com/reflection-allowed': 'true' })], undefined],
  ['a Certificate whose Secret Replicator copies', [object('cert-manager.io/v1', 'Certificate', 'shop/web', {
    secretName: 'tls', secretTemplate: { annotations: { 'replicator.v1.mittwald.de/replicate-to': 'edge' } } })], undefined],
  ['one that a policy of Kyverno copies', [secret('shop/tls'), object('kyverno.io/v1', 'ClusterPolicy', 'default/copy', {
    rules: [{ generate: { kind: 'Secret', clone: { name: 'tls', namespace: 'shop' } } }] })], undefined],
])('the only other namespace of a Secret: %s', (_, objects, expected) => {
  expect(subjectOf(...objects).secretPlaces.onlyOther('tls', 'edge')).toBe(expected);
});
