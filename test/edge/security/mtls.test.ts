// Mutual TLS: one PeerAuthentication per namespace, and exceptions for workloads.
import { App, Chart } from 'cdk8s';
import { MeshTls, type MeshTlsProps, MtlsMode, type WorkloadTlsOptions } from '../../../src/edge/security/mtls';
import { refusal } from '../../refusal';
import { emptyChart, labels, synthesized, theOnly } from '../../synthesized';
import { service } from '../stubs';

function mtls(props?: MeshTlsProps): MeshTls {
  return new MeshTls(emptyChart(), 'Mtls', props);
}

test('a namespace only accepts mutual TLS', () => {
  expect(theOnly(mtls({ namespaces: ['shop'] }), 'PeerAuthentication')).toEqual({
    apiVersion: 'security.istio.io/v1',
    kind: 'PeerAuthentication',
    metadata: {
      name: 'default',
      namespace: 'shop',
      labels: labels('default', 'security'),
    },
    spec: { mtls: { mode: 'STRICT' } },
  });
});

test('PERMISSIVE also accepts plaintext', () => {
  const made = mtls({ mode: MtlsMode.PERMISSIVE, namespaces: ['shop'] });
  expect({ mode: made.mode, spec: theOnly(made, 'PeerAuthentication').spec }).toEqual({ mode: 'PERMISSIVE', spec: { mtls: { mode: 'PERMISSIVE' } } });
});

test('renders nothing without namespaces', () => {
  expect(synthesized(mtls())).toEqual([]);
});

test('protect() adds one policy for the namespace of the workload', () => {
  const made = mtls({ namespaces: ['shop'] });
  made.protect(service());
  made.protect(service({ serviceName: 'bank' }));
  made.protectNamespace('shop');
  expect(synthesized(made).map(({ metadata: { namespace, name }, spec: { selector } }) => ({ namespace, name, selector }))).toEqual([{ namespace: 'shop', name: 'default', selector: undefined }]);
});

test('a workload in the root namespace uses the mode of the mesh', () => {
  const made = mtls({ rootNamespace: 'mesh' });
  made.protect(service({ namespace: 'mesh' }));
  expect(synthesized(made)).toEqual([]);
  expect(refusal(() => made.protectWorkload(service({ namespace: 'mesh' }), { mode: MtlsMode.STRICT })))
    .toMatchObject({ prop: 'workload', value: 'mesh/cart', path: 'chart/Mtls', reason: expect.stringContaining('root namespace') });
  expect(refusal(() => made.protectNamespace('mesh'))).toMatchObject({ prop: 'namespace', value: 'mesh', path: 'chart/Mtls' });
});

test('wholeMesh adds a policy for the mesh', () => {
  const made = mtls({ wholeMesh: true });
  made.protectMesh();
  expect(synthesized(made).map(({ metadata: { namespace, name }, spec }) => ({ namespace, name, spec: spec as unknown })))
    .toEqual([{ namespace: 'istio-system', name: 'default', spec: { mtls: { mode: 'STRICT' } } }]);
});

test('a namespace stays permissive until it is removed from permissiveNamespaces', () => {
  const modes = (props: MeshTlsProps) => {
    const made = mtls(props);
    made.protect(service());
    made.protect(service({ namespace: 'bank' }));
    return Object.fromEntries(synthesized(made).map(({ metadata, spec }) => [metadata.namespace, spec.mtls.mode]));
  };
  expect(modes({ permissiveNamespaces: ['shop'] })).toEqual({ shop: 'PERMISSIVE', bank: 'STRICT' });
  expect(modes({})).toEqual({ shop: 'STRICT', bank: 'STRICT' });
});

test('a permissive namespace gets its policy from the start, because the mesh may be strict', () => {
  const made = mtls({ wholeMesh: true, permissiveNamespaces: ['shop'] });
  expect(synthesized(made).map(({ metadata: { namespace }, spec: { mtls } }) => ({ namespace, mtls: mtls as unknown })))
    .toEqual([{ namespace: 'istio-system', mtls: { mode: 'STRICT' } }, { namespace: 'shop', mtls: { mode: 'PERMISSIVE' } }]);
});

test('a workload without pods or without a sidecar is ignored by protect() and rejected by protectWorkload()', () => {
  const made = mtls();
  made.protect(service({ selector: {} }));
  made.protect(service({ withoutSidecar: true }));
  expect(synthesized(made)).toEqual([]);
  expect(refusal(() => made.protectWorkload(service({ selector: {} }), { mode: MtlsMode.STRICT }))).toMatchObject({ prop: 'workload', value: 'shop/cart', path: 'chart/Mtls' });
});

describe('protectWorkload', () => {
  it('sets a mode for one workload', () => {
    const made = mtls({ namespaces: ['shop'] });
    made.protectWorkload(service(), { mode: MtlsMode.PERMISSIVE });
    expect(synthesized(made, 'PeerAuthentication', 'cart')).toEqual([{
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: {
        name: 'cart',
        namespace: 'shop',
        labels: labels('cart', 'security'),
      },
      spec: { selector: { matchLabels: { app: 'cart' } }, mtls: { mode: 'PERMISSIVE' } },
    }]);
  });

  it('sets modes for single ports', () => {
    const made = mtls();
    made.protectWorkload(service(), { ports: { 9090: MtlsMode.DISABLE, 8443: MtlsMode.PERMISSIVE } });
    expect(theOnly(made, 'PeerAuthentication').spec).toEqual({
      selector: { matchLabels: { app: 'cart' } },
      portLevelMtls: { 9090: { mode: 'DISABLE' }, 8443: { mode: 'PERMISSIVE' } },
    });
  });

  it('allows one policy per workload', () => {
    const made = mtls();
    made.protectWorkload(service(), { mode: MtlsMode.PERMISSIVE });
    made.protectWorkload(service(), { mode: MtlsMode.PERMISSIVE });
    expect(synthesized(made)).toHaveLength(1);
    expect(refusal(() => made.protectWorkload(service(), { mode: MtlsMode.STRICT }))).toMatchObject({ prop: 'mode', value: 'STRICT', path: 'chart/Mtls', reason: expect.stringContaining('PERMISSIVE') });
    expect(refusal(() => made.protectWorkload(service({ serviceName: 'cart-internal' }), { mode: MtlsMode.PERMISSIVE })))
      .toMatchObject({ prop: 'workload', value: 'shop/cart-internal', reason: expect.stringContaining('same pods as shop/cart') });
    expect(() => made.protectWorkload(service({ namespace: 'bank' }), { mode: MtlsMode.STRICT })).not.toThrow();
    made.protectWorkload(service({ serviceName: 'web', selector: { app: 'web', tier: 'front' } }), { mode: MtlsMode.STRICT });
    expect(refusal(() => made.protectWorkload(service({ serviceName: 'www', selector: { tier: 'front', app: 'web' } }), { mode: MtlsMode.STRICT })))
      .toMatchObject({ prop: 'workload', value: 'shop/www', reason: expect.stringContaining('same pods as shop/web') });
  });

  it.each<[string, WorkloadTlsOptions, WorkloadTlsOptions]>([
    ['without a mode', { ports: { 80: MtlsMode.STRICT } }, { ports: { 81: MtlsMode.STRICT } }],
    ['with the same mode', { mode: MtlsMode.STRICT, ports: { 80: MtlsMode.DISABLE } }, { mode: MtlsMode.STRICT, ports: { 81: MtlsMode.DISABLE } }],
    ['with a mode of only the second', { ports: { 80: MtlsMode.STRICT } }, { mode: MtlsMode.STRICT }],
  ])('names the ports if they differ, %s', (_, first, second) => {
    const made = mtls();
    made.protectWorkload(service(), first);
    expect(refusal(() => made.protectWorkload(service(), second)).reason).toBe('conflicts with another part of the app, which declares different ports for shop/cart');
  });

  it('renames the policy of a workload called default', () => {
    const made = mtls({ namespaces: ['shop'] });
    made.protectWorkload(service({ serviceName: 'default' }), { mode: MtlsMode.DISABLE });
    expect(synthesized(made).map(({ metadata }) => metadata.name)).toEqual(['default', 'default-workload']);
  });

  it.each<[string, object, string, unknown]>([
    ['empty options', {}, 'options', {}],
    ['no ports', { ports: {} }, 'ports', {}],
    ['port 0', { ports: { 0: MtlsMode.STRICT } }, 'ports.0', 0],
    ['a port beyond 65535', { ports: { 65536: MtlsMode.STRICT } }, 'ports.65536', 65536],
    ['a named port', { ports: { http: MtlsMode.STRICT } }, 'ports.http', 'http'],
    ['a hexadecimal port', { ports: { '0x50': MtlsMode.STRICT } }, 'ports.0x50', '0x50'],
    ['an unknown mode', { mode: 'bogus' }, 'mode', 'bogus'],
    ['an unknown mode of a port', { ports: { 80: 'strict' } }, 'ports.80', 'strict'],
  ])('rejects %s', (_, options, prop, value) => {
    expect(refusal(() => mtls().protectWorkload(service(), options))).toMatchObject({ prop, value, path: 'chart/Mtls' });
  });
});

test('two parts of an app have to agree on the mode of a namespace', () => {
  const app = new App();
  const [first, second] = ['a', 'b'].map(id => new Chart(app, id));
  new MeshTls(first, 'Mtls', { namespaces: ['shop'] });
  new MeshTls(second, 'Mtls', { namespaces: ['shop', 'bank'] });
  expect(synthesized(app, 'PeerAuthentication').map(({ metadata }) => metadata.namespace)).toEqual(['shop', 'bank']);
  expect(refusal(() => new MeshTls(second, 'Other', { namespaces: ['shop'], mode: MtlsMode.PERMISSIVE })))
    .toMatchObject({ prop: 'mode', value: 'PERMISSIVE', path: 'b/Other', reason: expect.stringContaining('STRICT') });
});

test('rejects invalid namespaces', () => {
  expect(refusal(() => mtls({ namespaces: ['Shop'] }))).toMatchObject({ prop: 'namespace', value: 'Shop', path: 'chart/Mtls' });
  expect(refusal(() => mtls({ rootNamespace: '' }))).toMatchObject({ prop: 'rootNamespace', value: '', path: 'chart/Mtls' });
});

test('rejects values of the wrong type', () => {
  expect(refusal(() => mtls({ mode: 'bogus' as MtlsMode }))).toMatchObject({ prop: 'mode', value: 'bogus', reason: 'must be one of STRICT, PERMISSIVE, DISABLE', path: 'chart/Mtls' });
  expect(refusal(() => mtls('STRICT' as never))).toMatchObject({ prop: 'props', value: 'STRICT', path: 'chart/Mtls' });
  expect(refusal(() => mtls({ permissiveNamespaces: 'shop' as never }))).toMatchObject({ prop: 'permissiveNamespaces', value: 'shop' });
  expect(refusal(() => mtls().protect('cart' as never))).toMatchObject({ prop: 'workload', value: 'cart', path: 'chart/Mtls' });
});

test('rejects DISABLE for whole namespaces', () => {
  expect(refusal(() => mtls({ mode: MtlsMode.DISABLE }))).toMatchObject({ prop: 'mode', value: 'DISABLE', reason: expect.stringContaining('STRICT or PERMISSIVE') });
});

test('workloads are checked before any is added', () => {
  const app = new App();
  const [first, second] = ['a', 'b'].map(id => new MeshTls(new Chart(app, id), 'Mtls', { mode: id === 'a' ? MtlsMode.STRICT : MtlsMode.PERMISSIVE }));
  first._reach(service());
  first._accept([service()]);
  second._accept([service({ namespace: 'bank' }), service({ withoutSidecar: true })]);
  expect(refusal(() => second._accept([service({ namespace: 'bank' }), service()]))).toMatchObject({ prop: 'mode', value: 'PERMISSIVE', path: 'b/Mtls', reason: expect.stringContaining('STRICT') });
  expect(synthesized(app).map(({ metadata }) => metadata.namespace)).toEqual(['shop']);
});
