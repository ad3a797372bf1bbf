// The ARNs that a load balancer refers to.
import { annotationsOf, type Manifest } from '../../manifests/manifest';
import { pointer } from '../../manifests/pointer';
import type { LoadBalancer } from '../../plan/load-balancer';

/** The ARNs of certificates, trust stores, target groups and the web ACL. */
export function arnsOf({ listeners, webAcl }: LoadBalancer): string[] {
  const ofListeners = listeners.flatMap(({ certificates, mutualAuthentication, defaultActions, rules }) => [
    ...certificates.map(({ certificateARN }) => certificateARN), mutualAuthentication?.trustStoreArn,
    ...[...defaultActions, ...rules.flatMap(({ actions }) => actions)].flatMap(({ forwardConfig }) => forwardConfig?.targetGroups ?? [])
      .map(({ targetGroupARN }) => targetGroupARN),
  ]);
  return [...new Set([...ofListeners, webAcl].filter((own): own is string => own?.startsWith('arn:') === true))];
}

/** The Region in an ARN; empty for a global resource. */
export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/** The annotation with the ARN, or the first member if a class has it. */
export function placeOf(arn: string, members: readonly Manifest[]): { readonly manifest: Manifest; readonly pointer: string } {
  const found = members.flatMap(manifest => annotationsOf(manifest).filter(([, value]) => typeof value === 'string' && value.includes(arn))
    .map(([key]) => ({ manifest, pointer: pointer('metadata', 'annotations', key) })));
  return found[0] ?? { manifest: members[0], pointer: '' };
}
