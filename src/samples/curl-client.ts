// A pod for calling services from inside the mesh: `kubectl exec deploy/curl -- curl …`.
import { Chart, Size } from 'cdk8s';
import { Cpu, Deployment, LabelSelector, ServiceAccount } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { requireDnsLabel } from '../base/kubernetes-name';
import { requireProps } from '../base/prop-types';
import { requireScopeAndId } from '../base/scope';
import { addMeshNamespace } from './mesh-namespace';
import { removeZeroValues } from './zero-values';

/** Props of `CurlClient`. */
export interface CurlClientProps {
  /**
   * Namespace of the pod.
   *
   * @default 'curl'
   */
  readonly namespace?: string;

  /**
   * Whether to create the Namespace, with sidecar injection enabled. Set it to false if another chart creates it.
   *
   * @default true
   */
  readonly createNamespace?: boolean;

  /**
   * Image with curl and a shell.
   *
   * @default 'docker.io/curlimages/curl:8.16.0'
   */
  readonly image?: string;
}

/** One pod with curl and a sidecar, without a Service. */
export class CurlClient extends Chart {
  public constructor(scope: Construct, id: string, props: CurlClientProps = {}) {
    super(requireScopeAndId(scope, id), id);
    requireProps('CurlClientProps', props, this.node.path);
    const name = 'curl';
    const namespace = requireDnsLabel('namespace', props.namespace ?? 'curl', this.node.path);
    if (props.createNamespace ?? true) {
      addMeshNamespace(this, namespace);
    }
    const labels = { app: name };
    const deployment = new Deployment(this, 'Deployment', {
      metadata: { name, namespace, labels },
      replicas: 1,
      select: false,
      podMetadata: { labels },
      serviceAccount: new ServiceAccount(this, 'ServiceAccount', { metadata: { name, namespace } }),
      securityContext: { user: 1000, ensureNonRoot: true },
    });
    deployment.select(LabelSelector.of({ labels }));
    removeZeroValues(deployment);
    deployment.addContainer({
      name,
      image: props.image ?? 'docker.io/curlimages/curl:8.16.0',
      command: ['sleep', 'infinity'],
      resources: { cpu: { request: Cpu.millis(10) }, memory: { request: Size.mebibytes(16), limit: Size.mebibytes(64) } },
      securityContext: { user: 1000, ensureNonRoot: true, readOnlyRootFilesystem: true },
    });
  }
}
