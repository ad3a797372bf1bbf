// A workload behind two gateways, of which its policies let in one.
import { App } from 'cdk8s';
import { AlbIstioEdge, AlbScheme, Caller, Echoserver, RouteTarget } from '../../src';
import { check } from '../../src/checks/runner';
import type { ZeroTrustOptions } from '../../src/edge/security/zero-trust';
import { readYaml } from '../../src/manifests/yaml';
import { EDGE, PLAIN_GATEWAY, app as workload, istio, security } from '../mesh/small-mesh';

const ID = 'policy-lets-nothing-in';

/** What is found for an edge whose workload another edge of the app protects. */
function foundForSecond(zeroTrust?: ZeroTrustOptions, isAllowed = false): string[] {
  const app = new App();
  const echo = new Echoserver(app, '10-echo');
  const edge = new AlbIstioEdge(app, '20-edge', { hosts: ['echo.example.com'], gateway: { credentialName: 'tls' }, zeroTrust: {} });
  const internal = new AlbIstioEdge(app, '30-internal', {
    edgeName: 'internal', hosts: ['echo.internal.example.com'], gateway: { credentialName: 'tls' }, alb: { scheme: AlbScheme.INTERNAL }, zeroTrust,
  });
  [edge, internal].forEach(own => own.addRoute('Echo', { target: RouteTarget.workload(echo.workload) }));
  if (isAllowed) {
    edge.zeroTrust!.allow(echo.workload, { from: [Caller.gateway(internal.workload)] });
  }
  return check(app).findings.filter(({ id }) => id === ID).map(({ severity, message }) => `${severity}: ${message}`);
}

test('an edge without zero trust in front of a workload that another edge protects is an error', () => {
  expect(foundForSecond()).toEqual(['v1', 'v2'].map(version => (
    `error: no ALLOW policy allows every request of gateway internal/internal to echo/echoserver-${version}: its identity is cluster.local/ns/internal/sa/internal`)));
  expect(foundForSecond({})).toEqual([]);
  expect(foundForSecond(undefined, true)).toEqual([]);
});

describe('routes of two gateways', () => {
  const other = (text: string) => text.replace(/\bgw\b/g, 'other');
  const policy = security('AuthorizationPolicy', 'ap', '{rules: [{from: [{source: {principals: [cluster.local/ns/edge/sa/gw]}}]}]}');
  const routes = (name: string, gateways: string) => (
    istio('VirtualService', name, `{hosts: [cart.example.com], gateways: [${gateways}], http: [{route: [{destination: {host: cart}}]}]}`));
  const found = (...virtualServices: readonly string[]) => {
    const objects = [EDGE, PLAIN_GATEWAY, other(EDGE), other(PLAIN_GATEWAY), workload('cart', 'shop', { sidecar: true }), policy, ...virtualServices];
    return check(readYaml(objects.join('\n'), 'input')).findings.filter(({ id }) => id === ID).map(({ message }) => /of gateway (\S+)/.exec(message)![1]);
  };

  test('in one VirtualService may be meant for one of them', () => {
    expect(found(routes('both', 'edge/gw, edge/other'))).toEqual([]);
    expect(found(routes('other', 'edge/other'))).toEqual(['edge/other']);
  });

  test('in two VirtualServices are not', () => {
    expect(found(routes('one', 'edge/gw'), routes('two', 'edge/other'))).toEqual(['edge/other']);
    expect(found(routes('one', 'edge/gw'))).toEqual([]);
  });
});
