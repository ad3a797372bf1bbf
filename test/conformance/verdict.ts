// A recorded answer of the AWS Load Balancer Controller, and what the plan says about the same input, in the same form.
import { groupBy } from '../../src/base/multimap';
import { validateManifest } from '../../src/api-server/crd/validate-manifest';
import { isDeleted, type Manifest, nameOf, qualifiedNameOf } from '../../src/manifests/manifest';
import { readYaml } from '../../src/manifests/yaml';
import type { ControllerOptions } from '../../src/plan/controller-options';
import type { LoadBalancer } from '../../src/plan/load-balancer';
import { isBuilt, type Plan, planOf } from '../../src/plan/plan';
import { Webhook } from '../../src/plan/refusal';
import { inCluster } from './cluster';
import { memberNames, stackOf } from './controller-stack';
import { fakeAws } from './fake-aws';

/** What the oracle recorded about one input. */
export interface Verdict {
  readonly name: string;
  readonly topic: string;
  readonly input: string;
  readonly controllerFlags?: string;
  readonly noServiceMutator?: boolean;
  readonly result: {
    readonly groups?: readonly { readonly group: string; readonly members?: readonly string[]; readonly error?: string; readonly stack?: object }[];
    readonly services?: readonly { readonly service: string; readonly managed: boolean; readonly error?: string; readonly stack?: object }[];
    readonly targetGroupBindings?: readonly { readonly targetGroupBinding: string; readonly error?: string; readonly spec?: object }[];
    readonly webhooks?: readonly { readonly object: string; readonly check: string }[];
    readonly unmanaged?: readonly { readonly ingress: string; readonly reason: string }[];
  };
}

/** Flags of the command line by the option that they set. */
const FLAGS: Readonly<Record<string, (value: string) => ControllerOptions>> = {
  '--ingress-class': value => ({ ingressClass: value }),
  '--feature-gates': value => ({ featureGates: Object.fromEntries(value.split(',').map(gate => gate.split('=')).map(([gate, on]) => [gate, on === 'true'])) }),
  '--tolerate-non-existent-backend-action': value => ({ tolerateNonExistentBackendAction: value === 'true' }),
  '--default-target-type': value => ({ defaultTargetType: value }),
  '--external-managed-tags': value => ({ externalManagedTags: value.split(',') }),
  '--enable-manage-backend-security-group-rules': value => ({ manageBackendSecurityGroupRules: value === 'true' }),
  '--default-tags': value => ({ defaultTags: Object.fromEntries(value.split(',').map(pair => pair.split('='))) }),
  '--default-load-balancer-scheme': value => ({ defaultScheme: value }),
  '--default-ssl-policy': value => ({ defaultSslPolicy: value }),
  '--disable-restricted-sg-rules': value => ({ disableRestrictedSecurityGroupRules: value === 'true' }),
  '--load-balancer-class': value => ({ loadBalancerClass: value }),
  '--disable-ingress-class-annotation': value => ({ disableIngressClassAnnotation: value === 'true' }),
  '--disable-ingress-group-name-annotation': value => ({ disableIngressGroupNameAnnotation: value === 'true' }),
  '--tolerate-non-existent-backend-service': value => ({ tolerateNonExistentBackendService: value === 'true' }),
  '--enable-backend-security-group': value => ({ backendSecurityGroup: value === 'true' }),
};

function controllerOf({ controllerFlags = '', noServiceMutator = false }: Verdict): ControllerOptions {
  const flags = controllerFlags.split(' ').filter(Boolean).map(flag => [flag.slice(0, flag.indexOf('=')), flag.slice(flag.indexOf('=') + 1)]);
  return Object.assign({ clusterName: 'oracle', serviceMutatorWebhook: !noServiceMutator }, ...flags.map(([flag, value]) => FLAGS[flag](value)));
}

function hostsIn(manifests: readonly Manifest[]): string[] {
  const specs = manifests.filter(({ object }) => object.kind === 'Ingress').map(({ object }) => object.spec as any);
  return specs.flatMap(spec => [...(spec?.rules ?? []).map((rule: any) => rule.host), ...(spec?.tls ?? []).flatMap((tls: any) => tls.hosts ?? [])]).filter(Boolean);
}

/** What the plan says, as far as verdicts say it: stacks, and what is refused. */
export function planned(verdict: Verdict): unknown {
  const manifests = inCluster(readYaml(verdict.input, verdict.name));
  const { loadBalancers, targetGroupBindings, unmanaged, events } = planOf(manifests, {
    controller: controllerOf(verdict), aws: fakeAws(hostsIn(manifests)), complete: true, admitted: true,
  });
  const isService = ({ members }: Plan['loadBalancers'][number]) => members[0].object.kind === 'Service';
  const groups = groupBy(loadBalancers.filter(one => !isService(one)), ({ group }) => group);
  const services = groupBy(loadBalancers.filter(isService), ({ group }) => group);
  const others = unmanaged.map(({ manifest, isInvalid }) => ({ kind: manifest.object.kind, id: idOf(manifest), isInvalid }));
  return asJson({
    groups: [...groups].map(([group, own]) => ({ group, ...builtOf(own, (built, stack) => ({ members: memberNames(built[0]), stack: { id: group, resources: stack } })) })),
    services: byKey('service', [
      ...[...services].map(([service, own]) => ({ service, managed: true, ...builtOf(own, (_, resources) => ({ stack: { id: service, resources } })) })),
      ...others.filter(({ kind }) => kind === 'Service').map(({ id }) => ({ service: id, managed: false })),
    ]),
    targetGroupBindings: targetGroupBindings.map(({ manifest, spec, refused }) => ({
      targetGroupBinding: idOf(manifest),
      // Go writes what is missing as its zero, and leaves empty lists out.
      ...spec ? { spec: { ...spec, networking: spec.networking && withoutEmptyLists(spec.networking), serviceRef: { name: '', port: 0, ...defined(spec.serviceRef ?? {}) } } } : { webhook: refused?.webhook },
    })),
    webhooks: distinct([
      ...events.filter(({ webhook }) => webhook === Webhook.INGRESS || webhook === Webhook.INGRESS_CLASS_PARAMS).map(({ manifest, webhook }) => ({ manifest, check: webhook })),
      // The oracle does not evaluate CEL rules.
      ...manifests.filter(({ object }) => validateManifest(object)?.some(({ kind }) => kind !== 'cel')).map(manifest => ({ manifest, check: 'CRD schema' })),
    ].map(({ manifest, check }) => ({ object: `${manifest.object.kind} ${idOf(manifest)}`, check }))),
    unmanaged: distinct(others.filter(({ kind }) => kind === 'Ingress').map(({ id, isInvalid }) => ({ ingress: id, isInvalid }))),
  });
}

function builtOf(own: Plan['loadBalancers'], show: (built: readonly LoadBalancer[], resources: object) => object): object {
  const built = own.filter(isBuilt);
  return built.length === 0 ? { refused: true } : show(built, stackOf(built));
}

/** Objects of the cluster have no namespace. */
function idOf(manifest: Manifest): string {
  return ['IngressClassParams', 'IngressClass'].includes(String(manifest.object.kind)) ? nameOf(manifest) : qualifiedNameOf(manifest);
}

function defined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, own]) => own !== undefined));
}

function withoutEmptyLists(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, own]) => !Array.isArray(own) || own.length > 0));
}

/** The items once, in one order: the plan does not promise an order of events. */
function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map(item => [JSON.stringify(item), item]))].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/**
 * The verdict without wording: errors are only compared by what they refuse. Left out is what the plan does not tell: what the webhook says of Ingresses
 * that are being deleted, which it never sees, and which subnet an address is in.
 */
export function recorded({ input, result: { groups = [], services = [], targetGroupBindings = [], webhooks = [], unmanaged = [] } }: Verdict): unknown {
  const deleted = new Set(readYaml(input, '').filter(manifest => manifest.object.kind === 'Ingress' && isDeleted(manifest)).map(idOf));
  return asJson({
    groups: groups.map(({ group, members, error, stack }) => (error === undefined ? { group, members, stack } : { group, refused: true })),
    services: byKey('service', services.map(({ service, managed, error, stack }) => (
      error === undefined ? { service, managed, stack: withoutAddresses(stack) } : { service, managed, refused: true }))),
    targetGroupBindings: [...targetGroupBindings].sort((a, b) => (a.targetGroupBinding < b.targetGroupBinding ? -1 : 1)).map(({ targetGroupBinding, spec, error = '' }) => (
      spec ? { targetGroupBinding, spec } : { targetGroupBinding, webhook: error.slice(0, error.indexOf(':')) })),
    webhooks: distinct(webhooks.filter(({ object }) => !deleted.has(object.replace('Ingress ', ''))).map(({ object, check }) => ({ object, check }))),
    unmanaged: distinct(unmanaged.filter(({ ingress }) => !deleted.has(ingress)).map(({ ingress, reason }) => ({ ingress, isInvalid: reason.startsWith('failed') }))),
  });
}

function byKey<K extends string>(key: K, items: readonly { readonly [P in K]: string }[]): unknown[] {
  return [...items].sort((a, b) => (a[key] < b[key] ? -1 : 1));
}

function withoutAddresses(stack: object | undefined): unknown {
  return stack && JSON.parse(JSON.stringify(stack, (key, value: unknown) => (['privateIPv4Address', 'ipv6Address'].includes(key) ? undefined : value)));
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
