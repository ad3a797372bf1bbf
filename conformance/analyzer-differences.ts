// Where the checks and `istioctl analyze` differ on purpose: which of its codes are compared, and why one of the two reports an object that the other does not.
import { Kind } from '../src/manifests/kind';
import { nameOf, namespaceOf, specOf } from '../src/manifests/manifest';
import { asList, asObject } from '../src/manifests/plain-json';
import { TLS_MODE_LABEL, type Workload } from '../src/mesh/objects/workloads';
import { isSubsetHost } from '../src/base/host-index';
import { completeHost } from '../src/base/istio/names';
import { selects } from '../src/mesh/objects/config';
import type { DestinationRule, Subset } from '../src/mesh/objects/destination-rules';
import { RouteUse } from '../src/checks/route-use';
import type { Subject } from '../src/checks/subject';

/** An object that only one of both reports. */
export interface Single {
  readonly subject: Subject;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** What istioctl says about it with this code. */
  readonly messages: readonly string[];
}

/** Why only one of both reports an object. */
export interface Difference {
  readonly why: string;
  readonly holds: (one: Single) => boolean;
}

/** How one code is compared: what only istioctl may report, and what only the checks. */
export interface Comparison {
  readonly theirs: readonly Difference[];
  readonly ours: readonly Difference[];
}

const same: Comparison = { theirs: [], ours: [] };

/** The checks report what the input proves, so whatever they report must be one of the messages of istioctl. */
const within = (why: string): Comparison => ({ theirs: [{ why, holds: () => true }], ours: [] });

const REFUSED: Difference = {
  why: 'the cluster refuses the object',
  holds: ({ subject: { models: { mesh } }, ...own }) => mesh.refusals.some(({ manifest }) => (
    manifest.object.kind === own.kind && nameOf(manifest) === own.name && namespaceOf(manifest) === own.namespace)),
};

/** The codes that the checks claim, and that mean the same there. */
export const COMPARED: Readonly<Record<string, Comparison>> = {
  // Also IST0112: one check reports hosts and ports that do not exist.
  IST0101: {
    ...within('what the input lacks may exist, and only routes that a proxy has do harm'),
    ours: [{ why: 'istioctl does not see which DestinationRule a client uses', holds: hasRivalRules }],
  },
  IST0107: {
    theirs: [{ why: 'the pods have the annotation as well', holds: ({ subject, ...own }) => {
      const pods = workloadOf(subject, own);
      return own.kind !== 'Service' && own.kind !== 'Namespace' && pods !== undefined && own.messages.every(text => [...pods.annotations.keys(), ...pods.labels.keys()].some(key => text.includes(` ${key} `)));
    } }],
    ours: [{ why: 'the label sidecar.istio.io/inject', holds: ({ subject, ...own }) => workloadOf(subject, own) !== undefined }],
  },
  IST0108: same,
  IST0109: within('the check reports the VirtualService that has no effect, and istioctl both'),
  IST0123: same,
  IST0125: { theirs: [{ why: 'the pods are not injected', holds: ({ subject, ...own }) => workloadOf(subject, own)?.labels.has(TLS_MODE_LABEL) === false }], ours: [] },
  IST0133: {
    theirs: [{ why: 'the setting works, or has nothing to do with an edge', holds: ({ messages }) => messages.every(text => WORKING.test(text)) }], ours: [],
  },
  IST0144: {
    theirs: [{ why: 'the pods have no sidecar beside the application', holds: ({ subject, ...own }) => workloadOf(subject, own)?.proxy !== 'sidecar' }], ours: [],
  },
  IST0146: {
    theirs: [{
      why: 'the input lacks the Namespace', holds: ({ subject, namespace }) => subject.of(Kind.NAMESPACE).every(own => nameOf(own) !== namespace),
    }],
    ours: [],
  },
  IST0162: {
    theirs: [{ why: 'the input lacks pods or their Services, or istiod drops the server', holds: isUnreachable }, REFUSED, {
      why: 'who has an address for bind knows how clients reach it',
      holds: ({ subject, namespace, name, messages }) => subject.gateways.named(`${namespace}/${name}`).flatMap(({ servers }) => servers)
        .some(({ bind, port }) => bind !== '' && messages.every(text => text.includes(`(port ${port})`))),
    }],
    ours: [{
      why: 'a Gateway without selector selects applications as well, whose Services do not lead to it',
      holds: ({ subject, namespace, name }) => subject.gateways.named(`${namespace}/${name}`).some(({ selector }) => selector.size === 0),
    }],
  },
  IST0173: {
    theirs: [
      { why: 'no route uses the subset, or the input lacks the pods of the Service', holds: isUnused },
      { why: 'another DestinationRule for the host has a subset of the name', holds: isShadowed },
      // Even an empty one is for clients of its namespace.
      { why: 'no client of another namespace uses a rule with workloadSelector', holds: ({ subject, ...own }) => ruleOf(subject, own)?.workloadSelector !== undefined },
    ],
    ours: [
      { why: 'istioctl does not look at subsets of a host with a wildcard', holds: ({ subject, ...own }) => ruleOf(subject, own)?.host.startsWith('*') === true },
      { why: 'only pods of other Services have the labels', holds: ({ subject, ...own }) => subsetsOf(subject, own).some(({ labels }) => (
        subject.models.mesh.workloads.all.some(workload => selects(labels, workload.labels)))) },
      // The DestinationRule keeps one subset of each name.
      { why: 'istiod uses the first of two subsets with one name, and istioctl the last', holds: ({ subject, ...own }) => subsetsOf(subject, own).some(({ manifest, name }) => (
        asList(specOf(manifest).subsets).filter(one => asObject(one).name === name).length > 1)) },
    ],
  },
};

/** The codes of checks that are about a part of their fault, or see it elsewhere. */
export const OTHERWISE: Readonly<Record<string, string>> = {
  IST0106: 'compared in `mesh`',
  IST0118: 'grpc-to-http-port is about ports whose name is one of the convention, and the wrong one',
  IST0127: 'policy-selects-nothing is silent on namespaces that the input does not describe',
  IST0130: 'istioctl compares the text of matches; the checks, which requests they match',
  IST0131: 'as IST0130',
  IST0132: 'unused-virtual-service also compares protocols, and not only hosts',
  IST0140: 'istioctl also reports VirtualServices that contradict nothing but themselves; split-for-mesh-only is about weights',
  IST0145: 'istioctl compares the Gateways of a namespace, host by host; skipped-server has the servers that istiod drops, which `mesh` compares',
  IST0149: 'claims-without-request-authentication is also about policies, and silent on namespaces that the input does not describe',
  IST0161: 'the oracle adds the Secrets',
  IST0174: 'unused-destination-rule is silent on hosts that may come from elsewhere',
};

/** Messages of IST0133 that ignored-by-istio leaves out. */
const WORKING = new RegExp([
  'using deprecated setting "mirrorPercent"', 'MinimumRingSize is deprecated', 'ignoring duplicate cipher suites', 'using legacy gatewayName format',
  'workload ?selector (specified without labels|should not be set)', 'duplicated egress host', 'host select all resources', 'due to the use of only HTTP attributes in a DENY rule',
  'addresses are required for ports serving TCP',
].join('|'), 'i');

function workloadOf({ models: { mesh } }: Subject, { kind, namespace, name }: Omit<Single, 'subject'>): Workload | undefined {
  return kind === 'Deployment' ? mesh.workloads.find(namespace, name) : undefined;
}

function isUnreachable({ subject: { models: { mesh }, gateways }, namespace, name, messages }: Single): boolean {
  const workloads = mesh.gatewayWorkloads().filter(workload => gateways.selecting(workload).some(({ config }) => config.namespace === namespace && config.name === name));
  const dropped = workloads.flatMap(workload => mesh.gateway(workload).merged.skipped).filter(({ server }) => server.gateway === `${namespace}/${name}`);
  return workloads.some(workload => workload.isAssumed === true || mesh.services.selecting(workload).length === 0)
    || messages.every(text => dropped.some(({ server }) => text.includes(`(port ${server.port})`)));
}

function ruleOf({ destinationRules }: Subject, { namespace, name }: Omit<Single, 'subject'>): DestinationRule | undefined {
  return destinationRules.all.find(({ config }) => config.namespace === namespace && config.name === name);
}

function subsetsOf(subject: Subject, own: Omit<Single, 'subject'>): Subset[] {
  return [...ruleOf(subject, own)?.subsets.values() ?? []];
}

/** Whether some rule for the host declares a subset of a route, which the client need not use. */
function hasRivalRules({ subject: { virtualServices, destinationRules, settings: { clusterDomain } }, namespace, name }: Single): boolean {
  const own = virtualServices.find(({ manifest }) => namespaceOf(manifest) === namespace && nameOf(manifest) === name);
  return (own?.routes ?? []).flatMap(({ destinations }) => destinations).some(({ completeHost: host, subset }) => {
    const rules = destinationRules.all.filter(rule => isSubsetHost(host, completeHost(rule.host, rule.config.namespace, clusterDomain)));
    return subset !== undefined && rules.some(({ subsets }) => subsets.has(subset));
  });
}

function isShadowed({ subject: { destinationRules, settings: { clusterDomain } }, namespace, name, messages }: Single): boolean {
  const isOwn = ({ config }: DestinationRule) => config.name === name && config.namespace === namespace;
  const host = completeHost(destinationRules.all.find(isOwn)!.host, namespace, clusterDomain);
  return destinationRules.all.filter(other => !isOwn(other) && isSubsetHost(host, other.host)).some(({ subsets }) => messages.every(text => [...subsets.keys()].some(subset => text.includes(`Subset ${subset} `))));
}

function isUnused({ subject, namespace, name, messages }: Single): boolean {
  const { destinationRules, services, virtualServices, models: { mesh }, settings: { clusterDomain } } = subject;
  const rule = destinationRules.all.find(({ config }) => config.namespace === namespace && config.name === name);
  const [service] = services.at(completeHost(rule?.host ?? '', namespace, clusterDomain));
  const hasPods = service?.selector !== undefined && service.resolution === 'endpoints' && mesh.workloads.selectedBy(service.namespace, service.selector).length > 0;
  const use = RouteUse.of(subject);
  const used = virtualServices.flatMap(own => own.routes.filter(route => use.mayBeBuilt(own, route))).flatMap(({ destinations }) => destinations)
    .filter(own => own.completeHost === rule?.host && !own.idle && !own.isMirror).map(({ subset }) => subset);
  return !hasPods || subject.has(Kind.WORKLOAD_ENTRY) || messages.every(text => !used.some(subset => text.includes(`Subset ${subset} `)));
}
