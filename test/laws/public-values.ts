// The classes and enums of the public API by name, whether at the top of the package or in a submodule.
import * as api from '../../src/index';

/** Namespaces of constructs that mirror the CRDs. */
const GENERATED = ['elbv2', 'istio'];

/** A class is a function, an enum an object of words; what else is exported is a namespace. */
function isNamespace(value: unknown): value is object {
  return typeof value === 'object' && Object.values(value as object).some(each => typeof each !== 'string');
}

export const PUBLIC_VALUES: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(api)
  .filter(([name]) => !GENERATED.includes(name))
  .flatMap(([name, value]) => isNamespace(value) ? Object.entries(value) : [[name, value]]));
