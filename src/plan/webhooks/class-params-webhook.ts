// What the validating webhook for IngressClassParams refuses (AWS Load Balancer Controller 3.5.0 webhooks/elbv2/ingressclassparams_validator.go).
import { isCidr, isNetworkAddress } from '../../base/ip';
import { type Manifest, specOf } from '../../manifests/manifest';
import { asObject, asTexts, isObject } from '../../manifests/plain-json';
import { pointer } from '../../manifests/pointer';
import { type PlanEvent, Webhook } from '../refusal';

/** All faults: the webhook reports them together. */
export function classParamsRefusals(manifest: Manifest): PlanEvent[] {
  const { inboundCIDRs, subnets } = specOf(manifest);
  const faults = [...cidrFaults(asTexts(inboundCIDRs)), ...isObject(subnets) ? subnetFaults(subnets.ids ?? undefined, subnets.tags ?? undefined) : []];
  return faults.map(({ path, reason }): PlanEvent => ({
    severity: 'refused', reason, manifest, pointer: pointer('spec', ...path), reach: 'object', webhook: Webhook.INGRESS_CLASS_PARAMS,
  }));
}

interface Fault {
  readonly path: readonly string[];
  readonly reason: string;
}

/** Unlike the annotation `inbound-cidrs`, a block must not have bits behind its prefix (:70). */
function cidrFaults(cidrs: readonly string[]): Fault[] {
  return cidrs.flatMap((cidr, index) => {
    const path = ['inboundCIDRs', String(index)];
    return !isCidr(cidr) ? [{ path, reason: `must be a CIDR block; got ${cidr}` }]
      : !isNetworkAddress(cidr) ? [{ path, reason: `must have no bits behind the prefix; got ${cidr}` }] : [];
  });
}

/** Either ids without duplicates, or at least one tag with values without duplicates (:107). */
function subnetFaults(ids: unknown, tags: unknown): Fault[] {
  if (ids === undefined && tags === undefined) {
    return [{ path: ['subnets'], reason: 'must have either ids or tags' }];
  }
  if (ids !== undefined) {
    return tags === undefined ? duplicates(asTexts(ids), ['subnets', 'ids']) : [{ path: ['subnets', 'tags'], reason: 'cannot be set together with ids' }];
  }
  const entries = Object.entries(asObject(tags));
  return entries.length === 0 ? [{ path: ['subnets', 'tags'], reason: 'must have at least one tag' }]
    : entries.flatMap(([key, values]) => duplicates(asTexts(values), ['subnets', 'tags', key]));
}

function duplicates(values: readonly string[], path: readonly string[]): Fault[] {
  const repeated = values.map((value, index) => ({ value, index })).filter(({ value, index }) => values.indexOf(value) < index);
  return repeated.map(({ value, index }) => ({ path: [...path, String(index)], reason: `repeats ${value}` }));
}
