// imports/ holds the kinds that the docs promise. That it is what the CRDs give, `npm run import -- --check` says.
import * as elbv2 from '../imports/elbv2';
import { SCHEMAS as ELBV2_SCHEMAS } from '../imports/elbv2/schemas';
import * as istio from '../imports/istio';
import { SCHEMAS as ISTIO_SCHEMAS } from '../imports/istio/schemas';

describe('imports/', () => {
  it('holds the kinds of Istio 1.30.3', () => {
    expect(gvks(istio)).toEqual([
      'extensions.istio.io/v1alpha1 TrafficExtension',
      'extensions.istio.io/v1alpha1 WasmPlugin',
      'networking.istio.io/v1 DestinationRule',
      'networking.istio.io/v1 Gateway',
      'networking.istio.io/v1 ServiceEntry',
      'networking.istio.io/v1 Sidecar',
      'networking.istio.io/v1 VirtualService',
      'networking.istio.io/v1 WorkloadEntry',
      'networking.istio.io/v1 WorkloadGroup',
      'networking.istio.io/v1alpha3 EnvoyFilter',
      'networking.istio.io/v1beta1 ProxyConfig',
      'security.istio.io/v1 AuthorizationPolicy',
      'security.istio.io/v1 PeerAuthentication',
      'security.istio.io/v1 RequestAuthentication',
      'telemetry.istio.io/v1 Telemetry',
    ]);
  });

  it('holds the kinds of AWS Load Balancer Controller 3.5.0', () => {
    expect(gvks(elbv2)).toEqual([
      'elbv2.k8s.aws/v1beta1 ALBTargetControlConfig',
      'elbv2.k8s.aws/v1beta1 IngressClassParams',
      'elbv2.k8s.aws/v1beta1 TargetGroupBinding',
    ]);
  });

  it('holds a schema of each of these kinds, beside its constructs but not in their index', () => {
    expect(Object.keys(ISTIO_SCHEMAS).sort()).toEqual(gvks(istio));
    expect(Object.keys(ELBV2_SCHEMAS).sort()).toEqual(gvks(elbv2));
    expect([istio, elbv2].filter((index) => 'SCHEMAS' in index)).toEqual([]);
  });

  it('writes the camelCase spelling of a field that the API accepts in two spellings', () => {
    expect(istio.toJson_RequestAuthenticationSpecJwtRules({ issuer: 'me', jwksUri: 'https://me' })).toHaveProperty('jwksUri');
    expect(istio.toJson_VirtualServiceSpecHttp({ mirrorPercent: 5 })).toHaveProperty('mirrorPercent');
    expect(elbv2.toJson_IngressClassParamsSpec({ prefixListsIDs: ['pl-1'] })).toHaveProperty('prefixListsIDs');
  });
});

function gvks(module: object): string[] {
  return Object.values(module)
    .filter((value) => typeof value === 'function' && 'GVK' in value)
    .map(({ GVK }) => `${GVK.apiVersion} ${GVK.kind}`)
    .sort();
}
