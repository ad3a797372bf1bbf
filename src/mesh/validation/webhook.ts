// What Istio's validating webhook refuses, so that it never reaches istiod. The words are Istio's.
import { wideIntegersOf } from '../../api-server/crd/validate-manifest';
import { Kind } from '../../manifests/kind';
import { PlainObject } from '../../manifests/plain-json';
import { faultsOfDestinationRule } from './destination-rules';
import { faultsOfGateway } from './gateways';
import { faultsOfAuthorizationPolicy, faultsOfPeerAuthentication, faultsOfRequestAuthentication } from './policies';
import { faultsOfServiceEntry, faultsOfWorkloadEntry } from './service-entries';
import { faultsOfSidecar } from './sidecars';
import { faultsOfVirtualService } from './virtual-services';

const VALIDATORS: Partial<Record<Kind, (spec: PlainObject, name: string, namespace: string) => string[]>> = {
  [Kind.GATEWAY]: faultsOfGateway,
  [Kind.VIRTUAL_SERVICE]: faultsOfVirtualService,
  [Kind.AUTHORIZATION_POLICY]: faultsOfAuthorizationPolicy,
  [Kind.PEER_AUTHENTICATION]: faultsOfPeerAuthentication,
  [Kind.REQUEST_AUTHENTICATION]: faultsOfRequestAuthentication,
  [Kind.DESTINATION_RULE]: faultsOfDestinationRule,
  [Kind.SERVICE_ENTRY]: faultsOfServiceEntry,
  [Kind.SIDECAR]: faultsOfSidecar,
  [Kind.WORKLOAD_ENTRY]: faultsOfWorkloadEntry,
};

/** The faults of an object, in the webhook's words. */
export function webhookFaultsOf(kind: Kind, spec: PlainObject, name: string, namespace: string): string[] {
  const validator = VALIDATORS[kind];
  if (validator === undefined) {
    return [];
  }
  const [wide] = wideIntegersOf(kind, spec);
  // What cannot be decoded is not validated.
  return wide === undefined ? validator(spec, name, namespace)
    : [`error decoding configuration: json: cannot unmarshal number ${wide} into Go value of type int32`];
}

/** The webhook's message, or nothing if it admits the object. */
export function refusalOf(kind: Kind, spec: PlainObject, name: string, namespace: string): string | undefined {
  const faults = webhookFaultsOf(kind, spec, name, namespace);
  return faults.length === 0 ? undefined : joined(faults);
}

/** As hashicorp/go-multierror writes several errors. */
function joined(messages: readonly string[]): string {
  return messages.length === 1 ? messages[0] : `${messages.length} errors occurred:\n${messages.map(message => `\t* ${message}\n`).join('')}\n`;
}
