// The providers that telemetry goes to, as the mesh configuration names them.
import { InvalidProps } from '../../base/errors';
import { requireUnique } from '../wire/bounds';

/** Writes the providers, or throws for none, one without a name, or one given twice. */
export function requireProviders(prop: string, providers: readonly string[]): { name: string }[] {
  if (providers.length === 0) {
    throw InvalidProps.value(prop, providers, 'must be at least one provider, or nothing for those of the wider scope');
  }
  providers.forEach((name, index) => {
    if (!/^\S+$/.test(name)) {
      throw InvalidProps.value(`${prop}[${index}]`, name, 'must be the name of a provider of the mesh configuration');
    }
  });
  requireUnique(prop, providers);
  return providers.map(name => ({ name }));
}
