// Mutual TLS: one PeerAuthentication per namespace.
import { App, Chart } from 'cdk8s';
import { MeshTls, type MeshTlsProps, MtlsMode } from '../../src/edge/mtls';
import { refusal } from '../refusal';
import { emptyChart, synthesized, theOnly } from '../synthesized';
import { service } from './hand-made';

function mtls(props?: MeshTlsProps): MeshTls {
  return new MeshTls(emptyChart(), 'Mtls', props);
}

test('a namespace takes mutual TLS only', () => {
  expect(theOnly(mtls({ namespaces: ['shop'] }), 'PeerAuthentication')).toEqual({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: {
      name: 'default',
      namespace: 'shop',
      labels: {
        'app.kubernetes.io/name': 'default',
        'app.kubernetes.io/component': 'security',
        'app.kubernetes.io/part-of': 'edge',
        'app.kubernetes.io/managed-by': 'cdk8s',
      },
    },
    spec: { mtls: { mode: 'STRICT' } },
  });
});

test('for the time of a migration plain connections are taken too', () => {
  const made = mtls({ mode: MtlsMode.PERMISSIVE, namespaces: ['shop'] });
  expect([made.mode, theOnly(made, 'PeerAuthentication').spec]).toEqual(['PERMISSIVE', { mtls: { mode: 'PERMISSIVE' } }]);
});

test('nothing is protected that nobody asked for', () => {
  expect(synthesized(mtls())).toEqual([]);
});

test('a workload protects its whole namespace, once', () => {
  const made = mtls({ namespaces: ['shop'] });
  made.protect(service());
  made.protect(service({ serviceName: 'bank' }));
  made.protectNamespace('shop');
  expect(synthesized(made).map(({ metadata, spec }) => [metadata.namespace, metadata.name, spec.selector])).toEqual([['shop', 'default', undefined]]);
});

test('in the root namespace a workload protects its own pods only, or the whole mesh would be meant', () => {
  const made = mtls({ rootNamespace: 'mesh' });
  made.protect(service({ namespace: 'mesh' }));
  made.protect(service({ namespace: 'mesh' }));
  expect(synthesized(made).map(({ metadata, spec }) => [metadata.namespace, metadata.name, spec.selector]))
    .toEqual([['mesh', 'cart', { matchLabels: { app: 'cart' } }]]);
  expect(refusal(() => made.protectNamespace('mesh'))).toMatchObject({ prop: 'namespace', value: 'mesh', path: 'chart/Mtls' });
});

test('names that read the same when joined do not collide', () => {
  const made = mtls({ rootNamespace: 'a', namespaces: ['a-b'] });
  expect(() => made.protect(service({ namespace: 'a', serviceName: 'b-default' }))).not.toThrow();
});

test('two parts of an app agree on the mode of a namespace', () => {
  const app = new App();
  const [first, second] = ['a', 'b'].map(id => new Chart(app, id));
  new MeshTls(first, 'Mtls', { namespaces: ['shop'] });
  new MeshTls(second, 'Mtls', { namespaces: ['shop', 'bank'] });
  expect(synthesized(app, 'PeerAuthentication').map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'bank']);
  expect(refusal(() => new MeshTls(second, 'Other', { namespaces: ['shop'], mode: MtlsMode.PERMISSIVE })))
    .toMatchObject({ prop: 'mode', value: 'PERMISSIVE', path: 'b/Other', allowed: expect.stringContaining('STRICT') });
});

test('a namespace that cannot be is refused', () => {
  expect(refusal(() => mtls({ namespaces: ['Shop'] }))).toMatchObject({ prop: 'namespace', value: 'Shop', path: 'chart/Mtls' });
  expect(refusal(() => mtls({ rootNamespace: '' }))).toMatchObject({ prop: 'rootNamespace', value: '', path: 'chart/Mtls' });
});
