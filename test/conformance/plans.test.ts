// Replays what the real AWS Load Balancer Controller answered: for each input the same load balancers, or the same refusal.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { groupBy } from '../../src/base/multimap';
import type { Manifest } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import type { ControllerOptions } from '../../src/plan/controller-options';
import type { LoadBalancer } from '../../src/plan/load-balancer';
import { type Plan, planOf } from '../../src/plan/plan';
import { inCluster } from './cluster';
import { memberNames, stackOf } from './controller-stack';
import { fakeAws } from './fake-aws';

interface Verdict {
  readonly name: string;
  readonly topic: string;
  readonly input: string;
  readonly controllerFlags?: string;
  readonly result: {
    readonly groups?: readonly { readonly group: string; readonly members?: readonly string[]; readonly error?: string; readonly stack?: object }[];
    readonly services?: readonly object[];
    readonly targetGroupBindings?: readonly object[];
    readonly webhooks?: readonly object[];
  };
}

const VERDICTS = JSON.parse(readFileSync(join(__dirname, 'plans.json'), 'utf8')) as readonly Verdict[];

/** Verdicts on what the plan does not build yet: Services of type LoadBalancer, TargetGroupBindings, and refusals of webhooks. */
const NOT_YET: readonly string[] = [
  'class-unknown', 'class-two-defaults', 'params-scheme-invalid', 'params-subnets-ids-and-tags', 'params-subnets-neither',
  'params-subnets-duplicate-ids', 'params-subnets-tags-empty', 'params-inbound-cidrs-invalid', 'condition-http-header-values-and-regex',
  'condition-http-header-without-values', 'condition-method-empty', 'condition-method-missing-config', 'condition-query-empty',
  'condition-object-instead-of-list', 'condition-wrong-config-for-field', 'target-type-instance-without-node-port', 'nlb-no-class-no-mutator',
  'nlb-type-external', 'nlb-type-nlb-ip', 'nlb-type-nlb', 'nlb-other-class', 'nlb-internet-facing', 'nlb-scheme-unknown',
  'nlb-internal-annotation-false', 'nlb-scheme-and-internal', 'nlb-tls', 'nlb-tls-port-by-name', 'nlb-tls-backend-ssl', 'nlb-proxy-protocol',
  'nlb-health-check-istio', 'nlb-health-check-codes', 'nlb-source-ranges-annotation', 'nlb-source-ranges-short-key', 'nlb-security-groups',
  'nlb-subnets-and-eips', 'nlb-eips-internal', 'nlb-attributes', 'nlb-target-group-attributes-invalid', 'nlb-dualstack',
  'nlb-tcp-and-udp-on-one-port', 'nlb-target-port-name', 'nlb-alb-annotations-on-the-service', 'nlb-no-node-ports-instance', 'nlb-capacity',
  'nlb-node-labels', 'tgb-neither', 'tgb-arn-and-name', 'tgb-arn-and-other-name', 'tgb-target-type-instance', 'tgb-node-selector-ip',
  'tgb-node-selector-instance', 'tgb-two-of-one-target-group', 'tgb-multi-cluster-two-of-one-target-group', 'tgb-vpc-invalid',
  'tgb-ip-address-type-of-another-kind', 'tgb-service-does-not-exist', 'tgb-service-port-missing', 'tgb-networking',
  'tgb-external-id-without-role', 'tgb-unknown-field', 'tgb-protocol-of-another-kind',
];

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

/** Group by group: the stack, or that it is refused. */
function planned(verdict: Verdict): unknown {
  const manifests = inCluster(readYaml(verdict.input, verdict.name));
  const { loadBalancers } = planOf(manifests, { controller: controllerOf(verdict), aws: fakeAws(hostsIn(manifests)), complete: true });
  return asJson({ groups: [...groupBy(loadBalancers, ({ group }) => group)].map(([group, own]) => stackOfGroup(group, own)) });
}

function stackOfGroup(group: string, own: Plan['loadBalancers']): object {
  const built = own.filter((one): one is LoadBalancer => !('refused' in one));
  return built.length === 0 ? { group, refused: true } : { group, members: memberNames(built[0]), stack: { id: group, resources: stackOf(built) } };
}

function recorded({ result: { groups = [], services, targetGroupBindings, webhooks } }: Verdict): unknown {
  return asJson({
    groups: groups.map(({ group, members, error, stack }) => (error === undefined ? { group, members, stack } : { group, refused: true })), services, targetGroupBindings, webhooks,
  });
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const REPLAYED = VERDICTS.filter(({ name }) => !NOT_YET.includes(name));

test.each([...new Set(REPLAYED.map(({ topic }) => topic))])('the plan agrees with the controller on %s', topic => {
  const verdicts = REPLAYED.filter(own => own.topic === topic);
  expect(Object.fromEntries(verdicts.map(own => [own.name, planned(own)]))).toEqual(Object.fromEntries(verdicts.map(own => [own.name, recorded(own)])));
});

test('verdicts that are not reproduced yet are named, and no others', () => {
  expect(VERDICTS.filter(own => !isDeepStrictEqual(planned(own), recorded(own))).map(({ name }) => name)).toEqual(NOT_YET);
});
