// One service of a sample system: a Service, a ServiceAccount and a Deployment per version, on cdk8s-plus.
import { Size } from 'cdk8s';
import { Cpu, Deployment, EnvValue, LabelSelector, Protocol, Service, ServiceAccount, Volume } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { type IWorkload, Workload } from '../edge/workload/workload';
import { removeZeroValues } from './zero-values';

/** Props of one service. */
export interface MicroserviceProps {
  readonly name: string;
  readonly namespace: string;
  /** Port of the Service. */
  readonly port: number;
  /** Port that the containers listen on; the port of the Service by default. */
  readonly containerPort?: number;
  /** Image by version. */
  readonly images: { readonly [version: string]: string };
  readonly replicas?: number;
  readonly serviceAccountName?: string;
  readonly podAnnotations?: { readonly [key: string]: string };
  readonly environment?: { readonly [name: string]: string };
  /** Writable paths, by volume name. The rest of the file system is read-only. */
  readonly writablePaths?: { readonly [volume: string]: string };
  /** Whether the image needs root and a writable file system, like `registry.k8s.io/echoserver`, which creates a certificate at startup. */
  readonly asRoot?: boolean;
}

/** Adds the objects of one service, and returns it as a workload that routes can send requests to. */
export function addMicroservice(scope: Construct, id: string, props: MicroserviceProps): IWorkload {
  const construct = new Construct(scope, id);
  const { name, namespace } = props;
  const versions = Object.keys(props.images);
  const service = new Service(construct, 'Service', {
    metadata: { name, namespace, labels: { app: name, service: name } },
    // The name of a port tells Istio its protocol.
    ports: [{ name: 'http', port: props.port, targetPort: props.containerPort ?? props.port, protocol: Protocol.TCP }],
  });
  service.selectLabel('app', name);
  removeZeroValues(service);
  const serviceAccount = new ServiceAccount(construct, 'ServiceAccount', { metadata: { name: props.serviceAccountName ?? name, namespace } });
  versions.forEach(version => addDeployment(construct, version, serviceAccount, props));
  return new Workload({ serviceName: name, namespace, port: props.port, versions, serviceAccount: props.serviceAccountName ?? name });
}

function addDeployment(scope: Construct, version: string, serviceAccount: ServiceAccount, props: MicroserviceProps): void {
  const { name, namespace } = props;
  const labels = { app: name, version };
  const deployment = new Deployment(scope, `Deployment-${version}`, {
    metadata: { name: `${name}-${version}`, namespace, labels },
    replicas: props.replicas ?? 1,
    select: false,
    podMetadata: { labels, annotations: props.podAnnotations },
    serviceAccount,
    automountServiceAccountToken: false,
    securityContext: props.asRoot ? { ensureNonRoot: false } : { user: 1000, ensureNonRoot: true },
  });
  deployment.select(LabelSelector.of({ labels }));
  removeZeroValues(deployment);
  const container = deployment.addContainer({
    name,
    image: props.images[version],
    ports: [{ number: props.containerPort ?? props.port }],
    envVariables: Object.fromEntries(Object.entries(props.environment ?? {}).map(([key, value]) => [key, EnvValue.fromValue(value)])),
    resources: { cpu: { request: Cpu.millis(50) }, memory: { request: Size.mebibytes(64), limit: Size.mebibytes(512) } },
    securityContext: props.asRoot ? { ensureNonRoot: false, readOnlyRootFilesystem: false } : { user: 1000, ensureNonRoot: true, readOnlyRootFilesystem: true },
  });
  Object.entries(props.writablePaths ?? {}).forEach(([volume, path]) => {
    container.mount(path, Volume.fromEmptyDir(scope, `${version}-${volume}`, volume));
  });
}
