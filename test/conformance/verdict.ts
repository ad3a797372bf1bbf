// A recorded answer of the controller, and what the plan says about the same input.
import { groupBy } from '../../src/base/multimap';
import type { Manifest } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import type { ControllerOptions } from '../../src/plan/controller-options';
import type { LoadBalancer } from '../../src/plan/load-balancer';
import { type Plan, planOf } from '../../src/plan/plan';
import { inCluster } from './cluster';
import { memberNames, stackOf } from './controller-stack';
import { fakeAws } from './fake-aws';

/** What the oracle recorded about one input. */
export interface Verdict {
  readonly name: string;
  readonly topic: string;
  readonly input: string;
  readonly controllerFlags?: string;
  readonly result: {
    readonly groups?: readonly { readonly group: string; readonly members?: readonly string[]; readonly error?: string; readonly errorVariants?: readonly string[]; readonly stack?: object }[];
  };
}

/** Flags of the command line by the option that they set. */
const FLAGS: Readonly<Record<string, (value: string) => ControllerOptions>> = {
  '--feature-gates': value => ({ featureGates: Object.fromEntries(value.split(',').map(gate => gate.split('=')).map(([gate, on]) => [gate, on === 'true'])) }),
  '--tolerate-non-existent-backend-action': value => ({ tolerateNonExistentBackendAction: value === 'true' }),
  '--default-target-type': value => ({ defaultTargetType: value }),
  '--external-managed-tags': value => ({ externalManagedTags: value.split(',') }),
  '--enable-manage-backend-security-group-rules': value => ({ manageBackendSecurityGroupRules: value === 'true' }),
  '--enable-backend-security-group': value => ({ backendSecurityGroup: value === 'true' }),
};

function controllerOf({ controllerFlags = '' }: Verdict): ControllerOptions {
  const flags = controllerFlags.split(' ').filter(Boolean).map(flag => [flag.slice(0, flag.indexOf('=')), flag.slice(flag.indexOf('=') + 1)]);
  return Object.assign({ clusterName: 'oracle' }, ...flags.map(([flag, value]) => FLAGS[flag](value)));
}

function hostsIn(manifests: readonly Manifest[]): string[] {
  const specs = manifests.filter(({ object }) => object.kind === 'Ingress').map(({ object }) => object.spec as any);
  return specs.flatMap(spec => [...(spec?.rules ?? []).map((rule: any) => rule.host), ...(spec?.tls ?? []).flatMap((tls: any) => tls.hosts ?? [])]).filter(Boolean);
}

/** The load balancers of IngressGroups, group by group: the stack, or that it is refused. */
export function plannedGroups(verdict: Verdict): unknown {
  const manifests = inCluster(readYaml(verdict.input, verdict.name));
  const { loadBalancers } = planOf(manifests, { controller: controllerOf(verdict), aws: fakeAws(hostsIn(manifests)), complete: true });
  return asJson([...groupBy(loadBalancers, ({ group }) => group)].map(([group, own]) => stackOfGroup(group, own)));
}

function stackOfGroup(group: string, own: Plan['loadBalancers']): object {
  const built = own.filter((one): one is LoadBalancer => !('refused' in one));
  return built.length === 0 ? { group, refused: true } : { group, members: memberNames(built[0]), stack: { id: group, resources: stackOf(built) } };
}

/** What the controller answered, in the same form. */
export function recordedGroups({ result: { groups = [] } }: Verdict): unknown {
  return asJson(groups.map(({ group, members, error, stack }) => (error === undefined ? { group, members, stack } : { group, refused: true })));
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
