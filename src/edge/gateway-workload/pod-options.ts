// Where the pods of a gateway run, what they mount, their environment, and the labels and annotations of all objects of the gateway.
import { k8s } from 'cdk8s-plus-28';
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { InvalidProps } from '../../base/errors';
import { requireDnsLabel, requireDnsSubdomain, requireSecretName } from '../../base/kubernetes-name';
import { requireLabelKey, requireLabels } from '../../base/labels';
import { requireUnique } from '../wire/bounds';
import { requireWritten } from '../wire/kubernetes-fields';
import { NLB_ANNOTATION_KEYS } from './network-load-balancer';
import { type GatewayResources, type SettledResources, settleResources } from './resources';

/** Options for the pods of a gateway. */
export interface GatewayPodOptions {
  /**
   * CPU and memory of each pod.
   *
   * @default - 0.1 to 2 cores, 128 MiB to 1 GiB
   */
  readonly resources?: GatewayResources;

  /**
   * Additional labels of the pods and of all objects of the gateway, except the Namespace. They are not part of any selector, so they can be
   * changed later.
   *
   * @default - none
   */
  readonly labels?: { readonly [key: string]: string };

  /**
   * Additional annotations of the objects that Istio's chart annotates, such as `reloader.stakater.com/auto`: the Deployment or DaemonSet, Service,
   * autoscaler, Role and RoleBinding.
   *
   * @default - none
   */
  readonly annotations?: { readonly [key: string]: string };

  /**
   * Additional annotations of the pods. A change triggers a rolling restart: record the Istio version here and bump it to replace the
   * proxies after a control plane upgrade.
   *
   * @default - none
   */
  readonly podAnnotations?: { readonly [key: string]: string };

  /**
   * Additional annotations of the ServiceAccount, such as `eks.amazonaws.com/role-arn`.
   *
   * @default - none
   */
  readonly serviceAccountAnnotations?: { readonly [key: string]: string };

  /**
   * Revision or revision tag of the control plane that injects the proxy (`istio.io/rev`). A change restarts the pods.
   *
   * @default - the default revision
   */
  readonly revision?: string;

  /**
   * Labels of the nodes that may run the pods.
   *
   * @default - all nodes
   */
  readonly nodeSelector?: { readonly [key: string]: string };

  /**
   * Taints of nodes that may run the pods nevertheless.
   *
   * @default - none
   */
  readonly tolerations?: k8s.Toleration[];

  /**
   * Nodes and pods that the pods must, should or should not run with.
   *
   * @default - none
   */
  readonly affinity?: k8s.Affinity;

  /**
   * How the pods are spread over zones and nodes. A constraint without `labelSelector` counts the pods of this gateway. An empty list does not
   * spread them.
   *
   * @default - over the zones, if possible
   */
  readonly topologySpreadConstraints?: k8s.TopologySpreadConstraint[];

  /**
   * PriorityClass of the pods. Under pressure, Kubernetes evicts pods with a lower priority first.
   *
   * @default - the default of the cluster
   */
  readonly priorityClassName?: string;

  /**
   * Secrets in the gateway's namespace with which nodes pull the image of the proxy.
   *
   * @default - those of the ServiceAccount and of the injection template
   */
  readonly imagePullSecrets?: string[];

  /**
   * Environment variables of the proxy, such as `ISTIO_META_DNS_CAPTURE`. Those that identify the pod are rejected, because the injector sets them.
   *
   * @default - those of the injection template
   */
  readonly env?: k8s.EnvVar[];

  /**
   * Additional volumes of the pods.
   *
   * @default - those of the injection template
   */
  readonly volumes?: k8s.Volume[];

  /**
   * Where the proxy mounts `volumes`.
   *
   * @default - none
   */
  readonly volumeMounts?: k8s.VolumeMount[];
}

/** Fields of a pod that have the same name in Kubernetes, in Istio's chart and, where it has them, in an IstioOperator. Undefined ones are absent. */
export type PlacementFields = Pick<k8s.PodSpec, 'nodeSelector' | 'tolerations' | 'affinity' | 'priorityClassName' | 'imagePullSecrets' | 'volumes'>;

/** The resolved options. */
export interface GatewayPodSettings {
  readonly resources: SettledResources;
  readonly labels: { readonly [key: string]: string };
  readonly annotations: { readonly [key: string]: string };
  readonly podAnnotations: { readonly [key: string]: string };
  readonly serviceAccountAnnotations: { readonly [key: string]: string };
  readonly revision: string | undefined;
  readonly placement: PlacementFields;
  readonly topologySpreadConstraints: k8s.TopologySpreadConstraint[] | undefined;
  readonly env: k8s.EnvVar[] | undefined;
  readonly volumeMounts: k8s.VolumeMount[] | undefined;
}

/** Annotations that make a pod a gateway. They are derived from the other options. */
const POD_ANNOTATIONS = ['inject.istio.io/templates', 'proxy.istio.io/config', 'sidecar.istio.io/inject'];

/** Labels of the pods that are derived from the other options. Istio's charts and this package set all labels with the prefixes below. */
const POD_LABELS = ['app', 'istio', 'istio.io/dataplane-mode', 'istio-injection', 'sidecar.istio.io/inject'];
const LABEL_PREFIXES = ['app.kubernetes.io/', 'helm.sh/', 'operator.istio.io/', 'install.operator.istio.io/'];

/** Names in the injection template of Istio 1.30 (manifests/charts/istio-control/istio-discovery/files/gateway-injection-template.yaml). */
const INJECTED_ENV = ['HOST_IP', 'INSTANCE_IP', 'ISTIO_META_POD_PORTS', 'POD_NAME', 'POD_NAMESPACE', 'PROXY_CONFIG', 'SERVICE_ACCOUNT'];
const INJECTED_VOLUMES = [
  'credential-socket', 'custom-bootstrap-volume', 'gke-workload-certificate', 'istio-certs', 'istio-data', 'istio-envoy', 'istio-podinfo', 'istio-token',
  'istiod-ca-cert', 'workload-certs', 'workload-socket',
];

/** Resolves the options. @throws InvalidProps for an invalid or derived name, and for a field that Kubernetes does not have */
export function settlePod(options: GatewayPodOptions, selector: { readonly [key: string]: string }): GatewayPodSettings {
  const { nodeSelector, priorityClassName, imagePullSecrets = [] } = options;
  requireUnique('imagePullSecrets', imagePullSecrets);
  const settings = {
    resources: settleResources(options.resources ?? {}),
    labels: settleLabels(options.labels),
    annotations: requireAnnotations('annotations', options.annotations, isLoadBalancerAnnotation),
    podAnnotations: requireAnnotations('podAnnotations', options.podAnnotations, key => POD_ANNOTATIONS.includes(key)),
    serviceAccountAnnotations: requireAnnotations('serviceAccountAnnotations', options.serviceAccountAnnotations),
    revision: options.revision === undefined ? undefined : requireDnsLabel('revision', options.revision),
    placement: {
      nodeSelector: nodeSelector && requireLabels('nodeSelector', nodeSelector),
      tolerations: options.tolerations && orAbsent(options.tolerations),
      affinity: options.affinity,
      priorityClassName: priorityClassName === undefined ? undefined : requireDnsSubdomain('priorityClassName', priorityClassName),
      imagePullSecrets: orAbsent(imagePullSecrets.map((name, index) => ({ name: requireSecretName(`imagePullSecrets[${index}]`, name) }))),
      volumes: requireNamed('volumes', options.volumes, INJECTED_VOLUMES),
    },
    topologySpreadConstraints: orAbsent(
      options.topologySpreadConstraints?.map(constraint => ({ labelSelector: { matchLabels: { ...selector } }, ...constraint })) ?? [zoneSpread(selector)]),
    env: settleEnv(options.env),
    volumeMounts: settleMounts(options.volumeMounts, options.volumes ?? []),
  };
  refuseUnknownFields(options, settings);
  return settings;
}

/** The fields that have Kubernetes' own shape, as plain JSON. Those that are not set are absent. */
export interface PodFields {
  readonly nodeSelector?: object;
  readonly tolerations?: object;
  readonly affinity?: object;
  readonly priorityClassName?: string;
  readonly imagePullSecrets?: object;
  readonly volumes?: object;
  readonly topologySpreadConstraints?: object;
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts?: object;
}

/** Renders the fields that have Kubernetes' own shape. */
export function podFields(settings: KubernetesSettings): PodFields {
  // Constraints are plain JSON already, in the order in which people write them.
  const { topologySpreadConstraints } = settings;
  return { ...writtenPod(settings), ...topologySpreadConstraints && { topologySpreadConstraints } };
}

type KubernetesSettings = Pick<GatewayPodSettings, 'placement' | 'topologySpreadConstraints' | 'env' | 'volumeMounts'>;

function writtenPod({ placement, topologySpreadConstraints, env, volumeMounts }: KubernetesSettings): PodFields {
  const { spec: { containers: [container], ...pod } } = k8s.KubePod.manifest({
    spec: { ...placement, topologySpreadConstraints, containers: [{ name: '', env, volumeMounts }] },
  }) as { spec: PodFields & { containers: [PodFields] } };
  return { ...pod, ...container.env && { env: container.env }, ...container.volumeMounts && { volumeMounts: container.volumeMounts } };
}

function refuseUnknownFields(options: GatewayPodOptions, settings: GatewayPodSettings): void {
  const written = writtenPod(settings);
  for (const prop of ['tolerations', 'affinity', 'topologySpreadConstraints', 'env', 'volumes', 'volumeMounts'] as const) {
    requireWritten(prop, options[prop], written[prop]);
  }
}

/** Spreads the pods over the zones if possible. */
function zoneSpread(selector: { readonly [key: string]: string }): k8s.TopologySpreadConstraint {
  return { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { ...selector } } };
}

/** Whether the load balancer's options set the annotation. */
export function isLoadBalancerAnnotation(key: string): boolean {
  return key.startsWith(ALB_PREFIX) || NLB_ANNOTATION_KEYS.includes(key);
}

/** Returns the annotations, or throws if a key is invalid or derived. */
export function requireAnnotations(
  prop: string, annotations: { readonly [key: string]: string } | undefined, isDerived: (key: string) => boolean = () => false,
): Record<string, string> {
  for (const [key, value] of Object.entries(annotations ?? {})) {
    requireLabelKey(prop, key);
    if (isDerived(key)) {
      throw InvalidProps.conflict(`${prop}.${key}`, value, 'cannot be set: it is derived from the options of the gateway and its load balancer');
    }
  }
  return { ...annotations };
}

function settleLabels(labels: { readonly [key: string]: string } | undefined): Record<string, string> {
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (key === 'istio.io/rev') {
      throw InvalidProps.conflict(`labels.${key}`, value, 'cannot be set; set revision');
    }
    if (POD_LABELS.includes(key) || LABEL_PREFIXES.some(prefix => key.startsWith(prefix))) {
      throw InvalidProps.conflict(`labels.${key}`, value, 'cannot be set: it is derived from the options of the gateway');
    }
  }
  return labels && Object.keys(labels).length > 0 ? requireLabels('labels', labels) : {};
}

function settleEnv(env: k8s.EnvVar[] | undefined): k8s.EnvVar[] | undefined {
  requireNamed('env', env, INJECTED_ENV)?.forEach(({ name, value, valueFrom }, index) => {
    if (!/^[-._A-Za-z][-._A-Za-z0-9]*$/.test(name)) {
      throw InvalidProps.value(`env[${index}].name`, name,
        'must be the name of an environment variable: letters, digits, - _ and ., not starting with a digit');
    }
    if (value !== undefined && valueFrom !== undefined) {
      throw InvalidProps.conflict(`env[${index}].valueFrom`, valueFrom, 'cannot be set together with value');
    }
  });
  return orAbsent(env ?? []);
}

function settleMounts(mounts: k8s.VolumeMount[] | undefined, volumes: readonly k8s.Volume[]): k8s.VolumeMount[] | undefined {
  requireUnique('volumeMounts', (mounts ?? []).map(({ mountPath }) => mountPath));
  mounts?.forEach(({ name }, index) => {
    if (!volumes.some(volume => volume.name === name)) {
      throw InvalidProps.value(`volumeMounts[${index}].name`, name,
        `must be the name of one of the volumes: ${volumes.map(volume => volume.name).join(', ') || 'there is none'}`);
    }
  });
  return orAbsent(mounts ?? []);
}

/** Returns the entries, or throws for a repeated name, and for one that the injector uses. */
function requireNamed<T extends { readonly name: string }>(prop: string, entries: T[] | undefined, injected: readonly string[]): T[] | undefined {
  entries?.forEach(({ name }, index) => {
    if (typeof name !== 'string' || name === '') {
      throw InvalidProps.value(`${prop}[${index}].name`, name, 'must be a name');
    }
    if (injected.includes(name)) {
      throw InvalidProps.conflict(`${prop}[${index}].name`, name, `cannot be ${name}, which the injection template of Istio sets`);
    }
  });
  requireUnique(prop, (entries ?? []).map(({ name }) => name));
  return entries && orAbsent(entries);
}

function orAbsent<T>(list: T[]): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
