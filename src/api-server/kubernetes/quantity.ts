// Quantities of resources, such as `500m` and `1.5Gi`, as Kubernetes 1.34 reads them (k8s.io/apimachinery/pkg/api/resource).

/** Powers of ten and two by suffix (suffix.go). */
const TENS: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const TWOS: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

const QUANTITY = /^([-+]?)(\d*)(?:\.(\d*))?([numkMGTPE]|[KMGTPE]i|[eE][-+]?\d+)?$/;

/** Beyond this no exponent means anything, and a larger one would take all memory. */
const MAX_EXPONENT = 100;

/** Whether Kubernetes can read a text as a quantity. Spaces around it do not matter, nor does a missing number, which is zero. */
export function isQuantity(text: string): boolean {
  const trimmed = text.trim();
  return trimmed !== '' && QUANTITY.test(trimmed);
}

/** A quantity as an exact number of billionths, rounded up as Kubernetes does; undefined if the value is none. */
export function nanosOf(value: unknown): bigint | undefined {
  const [, sign, whole = '', fraction = '', suffix = ''] = QUANTITY.exec(String(value).trim()) ?? [];
  if (sign === undefined) {
    return undefined;
  }
  const digits = BigInt(`0${whole}${fraction}`);
  const power = (Object.hasOwn(TENS, suffix) ? TENS[suffix] : /^[eE]/.test(suffix) && suffix.length > 1 ? Number(suffix.slice(1)) : 0) - fraction.length + 9;
  const factor = Object.hasOwn(TWOS, suffix) ? 2n ** BigInt(TWOS[suffix]) : 1n;
  if (Math.abs(power) > MAX_EXPONENT) {
    return undefined;
  }
  const amount = digits * factor;
  const divisor = 10n ** BigInt(Math.max(-power, 0));
  const scaled = power >= 0 ? amount * 10n ** BigInt(power) : (amount + divisor - 1n) / divisor;
  return sign === '-' ? -scaled : scaled;
}
