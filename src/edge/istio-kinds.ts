// API version and kind of the Istio objects that parts render. The constructs in imports/ know them too, but loading them takes longer
// than loading all the parts; a guard test holds the two together.
import type { DestinationRule, Gateway, VirtualService } from '../../imports/istio/networking.istio.io';
import type { PeerAuthentication } from '../../imports/istio/security.istio.io';

export const GATEWAY: typeof Gateway.GVK = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway' };
export const VIRTUAL_SERVICE: typeof VirtualService.GVK = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService' };
export const DESTINATION_RULE: typeof DestinationRule.GVK = { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule' };
export const PEER_AUTHENTICATION: typeof PeerAuthentication.GVK = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication' };
