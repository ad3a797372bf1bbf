// Fingerprints of findings, by which a program recognizes a finding that it reported before.
import { sha256 } from '@noble/hashes/sha2';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils';
import type { Finding } from '../../checks/finding';
import type { PathInReport } from './finding-place';

/**
 * The fingerprints of findings, in their order; no two are equal. They depend on the check, the object, the field, the message and the file, not on
 * lines and the order of list entries: a fault keeps its fingerprint when code above it changes.
 */
export function fingerprintsOf(findings: readonly Finding[], path: PathInReport): string[] {
  const seen = new Map<string, number>();
  return findings.map(finding => {
    const identity = identityOf(finding, path);
    const count = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, count);
    return bytesToHex(sha256(utf8ToBytes(`${identity}${count === 1 ? '' : count}`))).slice(0, 40);
  });
}

function identityOf({ id, object: { apiVersion, kind, namespace, name }, pointer, message, origin }: Finding, path: PathInReport): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const place = 'file' in origin ? path(origin.file) : origin.construct;
  return JSON.stringify([id, place, group, kind, namespace, name, pointer.replace(/\/\d+(?=\/|$)/g, '/*'), withoutLines(message)]);
}

/** A message may say at which line another object is. */
function withoutLines(message: string): string {
  return message.replace(/(\.(?:ya?ml|json)):\d+/g, '$1');
}
