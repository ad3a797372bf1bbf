// Names and scopes of policies: derived from construct ids, and unique in an app.
import { App, Chart } from 'cdk8s';
import { PolicyScope } from '../../../src/edge/security/policy-scope';
import { nameFromId, registerScopedObject, type ScopedObject } from '../../../src/edge/security/security-policy';
import { refusal } from '../../refusal';
import { emptyChart } from '../../synthesized';
import { service } from '../stubs';

test.each([['ApiCallers', 'api-callers'], ['login', 'login'], ['V2Login', 'v2-login'], ['a-b', 'a-b']])('the id %s becomes the name %s', (id, name) => {
  expect(nameFromId(id)).toBe(name);
});

const labeled = (selector: Record<string, string>) => PolicyScope.workload(service({ selector }));

describe('an object of a kind of which Istio applies only one to a pod', () => {
  const register = (construct: Chart, scope: PolicyScope, options: Partial<ScopedObject> = {}) =>
    registerScopedObject(construct, { kind: 'Sidecar', nameProp: 'sidecarName', scope, ...options });

  it.each<[string, () => PolicyScope, string]>([
    ['a namespace', () => PolicyScope.namespace('shop'), 'default'],
    ['the mesh', () => PolicyScope.mesh(), 'default'],
    ['a workload', () => labeled({ app: 'cart' }), 'cart-limits'],
    ['a waypoint', () => PolicyScope.waypointService('shop', 'cart'), 'cart-limits'],
  ])('is named after its scope or construct: %s', (_, scope, name) => {
    expect(register(emptyChart('CartLimits'), scope())).toBe(name);
    expect(register(emptyChart('CartLimits'), scope(), { name: 'own' })).toBe('own');
  });

  it('is the only one of its kind for its scope', () => {
    const app = new App();
    const chart = (id: string) => new Chart(app, id);
    register(chart('first'), labeled({ app: 'cart', tier: 'web' }));
    register(chart('namespace'), PolicyScope.namespace('shop'));
    register(chart('waypoint'), PolicyScope.waypointService('shop', 'cart'));
    expect(refusal(() => register(chart('same'), labeled({ app: 'cart', tier: 'web' })))).toEqual({
      prop: 'scope', value: 'shop', path: 'same', reason: '"shop" is already the scope of the Sidecar first, and Istio applies only one Sidecar to a pod',
    });
    expect(refusal(() => register(chart('reordered'), labeled({ tier: 'web', app: 'cart' })))).toMatchObject({ prop: 'scope', path: 'reordered' });
    expect(refusal(() => register(chart('again'), PolicyScope.namespace('shop')))).toMatchObject({ prop: 'scope', path: 'again' });
    expect(refusal(() => register(chart('twice'), PolicyScope.waypointService('shop', 'cart')))).toMatchObject({ prop: 'scope', path: 'twice' });
    expect(register(chart('telemetry'), PolicyScope.namespace('shop'), { kind: 'Telemetry' })).toBe('default');
    expect(register(chart('other'), labeled({ app: 'bank' }))).toBe('other');
    expect(register(chart('others'), PolicyScope.waypointService('shop', 'bank'))).toBe('others');
    expect(register(chart('bank'), PolicyScope.namespace('bank'))).toBe('default');
  });

  it('has a name of its own, and pods', () => {
    const app = new App();
    const [first, second] = ['first', 'second'].map(id => new Chart(app, id));
    register(first, labeled({ app: 'cart' }), { name: 'limits' });
    expect(refusal(() => register(second, labeled({ app: 'bank' }), { name: 'limits' })))
      .toEqual({ prop: 'sidecarName', value: 'limits', path: 'second', reason: '"limits" is already the name of the Sidecar first in namespace shop' });
    expect(refusal(() => register(second, labeled({}), { name: 'own' }))).toMatchObject({ prop: 'scope', value: { matchLabels: {} }, path: 'second' });
    expect(refusal(() => register(second, labeled({ app: 'bank' }), { name: 'a.b' }))).toMatchObject({ prop: 'sidecarName', value: 'a.b', path: 'second' });
  });
});
