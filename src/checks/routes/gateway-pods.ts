// The namespaces in which the pods of a Gateway run, as far as the input shows them.
import { addTo } from '../../base/multimap';
import { type Labels, selects } from '../../mesh/objects/config';
import { Service } from '../../mesh/objects/services';

/** The pods behind Services, found by labels that they are guaranteed to have. */
export class GatewayPods {
  private readonly byLabel = new Map<string, Service[]>();

  public constructor(services: readonly Service[]) {
    services.filter(({ registry }) => registry === 'kubernetes')
      .forEach(service => service.selector?.forEach((value, key) => addTo(this.byLabel, `${key}=${value}`, service)));
  }

  /**
   * The namespaces in which pods with all labels of a Gateway are guaranteed to run: those of Services whose selector includes its own. A
   * Gateway may be in another namespace than its pods, and Istio uses the namespace of the pods (Istio 1.30 pilot/pkg/model/push_context.go).
   */
  public namespaces(selector: Labels): string[] {
    // Every match has all labels, so the rarest label has the fewest candidates.
    const [rarest = []] = [...selector].map(label => this.byLabel.get(label.join('=')) ?? []).sort((a, b) => a.length - b.length);
    return [...new Set(rarest.filter(service => selects(selector, service.selector!)).map(({ namespace }) => namespace))].sort();
  }
}
