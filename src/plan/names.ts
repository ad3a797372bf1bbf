// The names that the controller generates. Their last part is a hash, of the cluster's name among others.
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';

/** Stands for the hash in a name when something that it is made of is not known before apply. */
export const UNKNOWN_HASH = '…';

/** What is not known about generated names. */
export const UNKNOWN_NAMES = `the ${UNKNOWN_HASH} in names: a hash of the cluster's name and the UIDs of Services`;

/** The first ten hexadecimal digits of the hash over the parts, one after another. */
export function hashOf(parts: readonly (string | undefined)[]): string {
  return parts.includes(undefined) ? UNKNOWN_HASH : bytesToHex(sha256(utf8ToBytes(parts.join('')))).slice(0, 10);
}

/** Letters and digits of a text, up to a length. */
function cut(text: string, length: number): string {
  return text.replace(/[^0-9A-Za-z]/g, '').slice(0, length);
}

/** A name such as `k8s-shop-web-7432fec527` (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_target_group.go:231). */
export function generatedName(namespace: string, name: string, hash: string): string {
  return `k8s-${cut(namespace, 8)}-${cut(name, 8)}-${hash}`;
}

/** A name such as `k8s-public-7432fec527`, for an IngressGroup (3.5.0 pkg/ingress/model_build_load_balancer.go:97). */
export function generatedGroupName(group: string, hash: string): string {
  return `k8s-${cut(group, 17)}-${hash}`;
}
