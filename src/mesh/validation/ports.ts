// Numbers of ports that Istio's webhook refuses.

/** The fault of a number (Istio 1.30, pkg/config/validation/agent/validation.go ValidatePort). */
export function faultOfPort(number: number): string[] {
  return number >= 1 && number <= 65535 ? [] : [`port number ${number} must be in the range 1..65535`];
}
