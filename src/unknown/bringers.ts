// Objects that may bring others into a namespace, so that it may have what the input lacks: releases of charts, GitOps objects, operators.
import { Kind, kindNameOf, kindOf } from '../manifests/kind';
import { type Manifest, namespaceOf, specOf } from '../manifests/manifest';
import { asText } from '../manifests/plain-json';

/** Groups whose objects make no Services. The core group has no name. */
const NONE = new RegExp(`^(${[
  '', 'apps', 'autoscaling', 'batch', 'policy', '[a-z.]+\\.k8s\\.io', '[a-z]+\\.istio\\.io', '[a-z0-9]+\\.k8s\\.aws', 'eks\\.amazonaws\\.com',
  '(acme\\.)?cert-manager\\.io', 'external-secrets\\.io', 'bitnami\\.com', 'keda\\.sh', 'karpenter\\.[a-z.]+', 'kyverno\\.io',
  '(source|notification|image)\\.toolkit\\.fluxcd\\.io',
].join('|')})$`);

/** Kinds of other groups that make no Services. */
const HARMLESS: readonly string[] = [
  Kind.ROLLOUT, 'AnalysisTemplate.argoproj.io', 'AppProject.argoproj.io', 'PodMonitor.monitoring.coreos.com', 'Probe.monitoring.coreos.com',
  'PrometheusRule.monitoring.coreos.com', 'ServiceMonitor.monitoring.coreos.com',
];

/** Kinds that apply manifests which name their namespaces themselves. */
const EVERYWHERE: readonly string[] = ['Application.argoproj.io', 'ApplicationSet.argoproj.io', 'Kustomization.kustomize.toolkit.fluxcd.io'];

/** A proxy of the Kubernetes Gateway API has a Service of its own. */
const GATEWAY_API = 'Gateway.gateway.networking.k8s.io';

/** The objects of an input that may bring others. */
export class Bringers {
  private readonly namespaces = new Set<string>();
  private bringsEverywhere = false;

  public constructor(manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      const kind = kindOf(manifest) === undefined ? kindNameOf(manifest) : undefined;
      if (kind === undefined || isHarmless(kind)) {
        continue;
      }
      this.bringsEverywhere ||= EVERYWHERE.includes(kind);
      this.namespaces.add(namespaceOf(manifest));
      this.namespaces.add(asText(specOf(manifest).targetNamespace) ?? namespaceOf(manifest));
    }
  }

  /** Whether a namespace may have objects that the input lacks; without a namespace, whether the cluster may. */
  public mayBringInto(namespace?: string): boolean {
    return this.bringsEverywhere || (namespace === undefined ? this.namespaces.size > 0 : this.namespaces.has(namespace));
  }
}

function isHarmless(kind: string): boolean {
  const dot = kind.indexOf('.');
  return kind !== GATEWAY_API && (HARMLESS.includes(kind) || NONE.test(dot === -1 ? '' : kind.slice(dot + 1)));
}
