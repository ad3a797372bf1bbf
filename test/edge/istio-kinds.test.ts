// The API versions that parts write, against those of the generated constructs.
import { DestinationRule, Gateway, VirtualService } from '../../imports/istio/networking.istio.io';
import { PeerAuthentication } from '../../imports/istio/security.istio.io';
import * as kinds from '../../src/edge/istio-kinds';

test('parts write the API versions of the imported CRDs', () => {
  expect(kinds).toEqual({
    GATEWAY: Gateway.GVK,
    VIRTUAL_SERVICE: VirtualService.GVK,
    DESTINATION_RULE: DestinationRule.GVK,
    PEER_AUTHENTICATION: PeerAuthentication.GVK,
  });
});
