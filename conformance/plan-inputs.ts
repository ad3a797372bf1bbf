// Random inputs for plans: objects, and the flags of the controller.
import { dump } from 'js-yaml';
import * as fc from 'fast-check';
import type { Verdict } from '../test/conformance/verdict';
import { ingressObjects } from './ingresses';
import { serviceObjects } from './services';
import { bindingObjects } from './target-group-bindings';

/** A case without its answer. */
export type PlanInput = Pick<Verdict, 'input' | 'controllerFlags' | 'noServiceMutator'>;

/** Flags that change what is built, by name. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  'default-tags': ['team=platform', 'owner=x,cost=0'],
  'external-managed-tags': ['cost', 'team,owner'],
  'default-target-type': ['ip', 'instance'],
  'default-load-balancer-scheme': ['internet-facing'],
  'default-ssl-policy': ['ELBSecurityPolicy-TLS13-1-2-2021-06'],
  'enable-backend-security-group': ['false'],
  'enable-manage-backend-security-group-rules': ['true'],
  'disable-restricted-sg-rules': ['true'],
  'load-balancer-class': ['x/y'],
  'ingress-class': ['nginx', ''],
  'disable-ingress-class-annotation': ['true'],
  'disable-ingress-group-name-annotation': ['true'],
  'tolerate-non-existent-backend-service': ['false'],
  'tolerate-non-existent-backend-action': ['false'],
  'feature-gates': ['EnableIPTargetType=false', 'EnableDefaultTagsLowPriority=true', 'LBCapacityReservation=false', 'NLBSecurityGroup=false',
    'NLBHealthCheckAdvancedConfig=false', 'EnableTCPUDPListener=true', 'ServiceTypeLoadBalancerOnly=true', 'EnableTCPUDPListener=true,NLBSecurityGroup=false'],
};

const flag = fc.constantFrom(...Object.entries(FLAGS)).chain(([name, values]) => fc.constantFrom(...values).map((value): readonly [string, string] => [name,
  value]));

/** The controller does not start with flags that exclude each other. */
function canStart(flags: Readonly<Record<string, string>>): boolean {
  const keys = (flags['default-tags'] ?? '').split(',').map(pair => pair.split('=')[0]);
  const isReserved = (flags['external-managed-tags'] ?? '').split(',').some(key => key !== '' && keys.includes(key));
  return !isReserved && !('enable-backend-security-group' in flags && 'enable-manage-backend-security-group-rules' in flags);
}

const flags = fc.array(flag, { minLength: 1, maxLength: 3 }).map(pairs => Object.fromEntries(pairs) as Record<string, string>).filter(canStart)
  .map(own => Object.entries(own).map(([name, value]) => `--${name}=${value}`).join(' '));

const objects = fc.oneof(
  { weight: 9, arbitrary: ingressObjects }, { weight: 4, arbitrary: serviceObjects }, { weight: 1, arbitrary: bindingObjects },
);

/** Inputs, most of them for a controller with the flags of the release. */
export const planInputs: fc.Arbitrary<PlanInput> = fc.record({
  objects,
  controllerFlags: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: flags }),
  noServiceMutator: fc.constantFrom(undefined, undefined, undefined, true),
}).map(({ objects: own, ...settings }) => ({
  ...JSON.parse(JSON.stringify(settings)) as Omit<PlanInput, 'input'>, input: own.map(object => dump(JSON.parse(JSON.stringify(object)))).join('---\n'),
}));
