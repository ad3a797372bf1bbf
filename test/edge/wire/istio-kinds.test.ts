// The API versions that parts write, against those of the generated constructs.
import { DestinationRule, Gateway, ServiceEntry, Sidecar, VirtualService } from '../../../imports/istio/networking.istio.io';
import { AuthorizationPolicy, PeerAuthentication, RequestAuthentication } from '../../../imports/istio/security.istio.io';
import { Telemetry } from '../../../imports/istio/telemetry.istio.io';
import * as kinds from '../../../src/edge/wire/istio-kinds';

test('parts write the API versions of the imported CRDs', () => {
  expect(kinds).toEqual({
    AUTHORIZATION_POLICY: AuthorizationPolicy.GVK,
    GATEWAY: Gateway.GVK,
    VIRTUAL_SERVICE: VirtualService.GVK,
    DESTINATION_RULE: DestinationRule.GVK,
    PEER_AUTHENTICATION: PeerAuthentication.GVK,
    REQUEST_AUTHENTICATION: RequestAuthentication.GVK,
    SERVICE_ENTRY: ServiceEntry.GVK,
    SIDECAR: Sidecar.GVK,
    TELEMETRY: Telemetry.GVK,
  });
});
