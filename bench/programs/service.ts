// The Service of a workload. It is not part of an edge, so both programs write it in the same way.
import type { ApiObjectProps } from 'cdk8s';
import { PORT } from './demand';

export function serviceManifest(name: string, namespace: string): ApiObjectProps {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports: [{ name: 'http', port: PORT, protocol: 'TCP' }] },
  };
}
