// An echo server in two versions. It responds with the name of its pod, which shows where a request was routed.
import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { requireDnsLabel } from '../base/kubernetes-name';
import { requireInteger } from '../base/number';
import { requireProps } from '../base/prop-types';
import { requireScopeAndId } from '../base/scope';
import type { IWorkload, Subset } from '../edge/workload/workload';
import { addMeshNamespace } from './mesh-namespace';
import { addMicroservice } from './microservice';

/** Props of `Echoserver`. */
export interface EchoserverProps {
  /**
   * Namespace. It is created, with sidecar injection enabled.
   *
   * @default 'echo'
   */
  readonly namespace?: string;

  /**
   * Image of both versions. An image of your own has to listen on 8080 and to run as user 1000 with a read-only root file system.
   *
   * @default 'registry.k8s.io/echoserver:1.10'
   */
  readonly image?: string;

  /**
   * Pods per version.
   *
   * @default 1
   */
  readonly replicas?: number;
}

/** One Service `echoserver` on port 80, and a Deployment for each of the versions v1 and v2. */
export class Echoserver extends Chart {
  /** The Service. */
  public readonly workload: IWorkload;

  public constructor(scope: Construct, id: string, props: EchoserverProps = {}) {
    super(requireScopeAndId(scope, id), id);
    requireProps('EchoserverProps', props, this.node.path);
    const namespace = requireDnsLabel('namespace', props.namespace ?? 'echo', this.node.path);
    const image = props.image ?? 'registry.k8s.io/echoserver:1.10';
    addMeshNamespace(this, namespace);
    this.workload = addMicroservice(this, 'Echoserver', {
      name: 'echoserver',
      namespace,
      port: 80,
      containerPort: 8080,
      images: { v1: image, v2: image },
      asRoot: props.image === undefined,
      replicas: requireInteger('replicas', props.replicas ?? 1, 0, 1000, this.node.path),
    });
  }

  /** One of the versions, `v1` or `v2`. */
  public subset(version: string): Subset {
    return this.workload.subset(version);
  }
}
