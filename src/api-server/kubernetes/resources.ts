// What the API server refuses of requests and limits (Kubernetes 1.34.1 pkg/apis/core/validation/validation.go, validateResourceRequirements).
import type { Field } from './field';
import { nanosOf } from './quantity';
import { isQualifiedName } from '../metadata-faults';

const STANDARD = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

/** Refuses the requests and limits of a container. */
export function checkResources(resources: Field): void {
  const [requests, limits] = [resources.at('requests'), resources.at('limits')];
  [...requests.entries, ...limits.entries].forEach(([name, quantity]) => checkQuantity(name, quantity));
  for (const [name, request] of requests.entries) {
    if (!limits.at(name).isSet) {
      if (!mayExceed(name)) {
        request.refuse(`must have a limit of the same amount: ${name} cannot be overcommitted`);
      }
      continue;
    }
    const [asked, limit] = [nanosOf(request.value), nanosOf(limits.at(name).value)];
    if (asked !== undefined && limit !== undefined && (asked > limit || (asked !== limit && !mayExceed(name)))) {
      request.mustBe(`${mayExceed(name) ? 'at most' : 'equal to'} the limit, which is ${String(limits.at(name).value)}`);
    }
  }
}

/** Of CPU, memory and storage a node may promise more than it has (IsOvercommitAllowed); of huge pages and devices it may not. */
function mayExceed(name: string): boolean {
  return !name.startsWith('hugepages-') && (!name.includes('/') || name.includes('kubernetes.io/'));
}

/** Refuses the name of a resource that no container has. */
export function checkResourceName(name: string, field: Field): void {
  if (!isQualifiedName(name) || (!name.includes('/') && !STANDARD.test(name))) {
    field.refuse(`${name} is no resource of a container: use cpu, memory, ephemeral-storage, hugepages-…, or a name with a domain such as nvidia.com/gpu`);
  }
}

const BILLION = 1_000_000_000n;

function checkQuantity(name: string, quantity: Field): void {
  const isExtended = name.includes('/');
  checkResourceName(name, quantity);
  if (/^\s*-/.test(String(quantity.value)) && (nanosOf(quantity.value) ?? 0n) < 0n) {
    quantity.mustBe('at least 0');
  } else if (isExtended && !name.includes('kubernetes.io/') && (nanosOf(quantity.value) ?? 0n) % BILLION !== 0n) {
    quantity.mustBe('an integer');
  }
}
