// API version and kind of the Istio objects that parts render. The constructs in imports/ know them too, but loading them takes longer
// than loading all the parts; a guard test holds the two together.
import type { DestinationRule, Gateway, ServiceEntry, Sidecar, VirtualService } from '../../../imports/istio/networking.istio.io';
import type { AuthorizationPolicy, PeerAuthentication, RequestAuthentication } from '../../../imports/istio/security.istio.io';
import type { Telemetry } from '../../../imports/istio/telemetry.istio.io';

export const GATEWAY: typeof Gateway.GVK = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway' };
export const VIRTUAL_SERVICE: typeof VirtualService.GVK = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' };
export const DESTINATION_RULE: typeof DestinationRule.GVK = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule' };
export const PEER_AUTHENTICATION: typeof PeerAuthentication.GVK = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' };
export const AUTHORIZATION_POLICY: typeof AuthorizationPolicy.GVK = { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy' };
export const REQUEST_AUTHENTICATION: typeof RequestAuthentication.GVK = { apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication' };
export const SERVICE_ENTRY: typeof ServiceEntry.GVK = { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry' };
export const SIDECAR: typeof Sidecar.GVK = { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar' };
export const TELEMETRY: typeof Telemetry.GVK = { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry' };
