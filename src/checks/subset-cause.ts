// Why clients do not know a subset that a DestinationRule of the input declares.
import { isExportedTo } from '../base/istio/export-to';
import { serviceOfHost } from '../base/istio/names';
import { namespacedName } from '../base/kubernetes-name';
import { specOf } from '../manifests/manifest';
import type { DestinationRule } from '../mesh/objects/destination-rules';
import type { Subject } from './subject';
import type { SubsetView } from './subset-views';

/** The cause in words, and its fix if it has one of its own. */
interface SubsetCause {
  readonly message: string;
  readonly fix?: string;
}

/** Which rules declare the subset without effect, and why; undefined if none does. */
export function subsetCause(subject: Subject, view: SubsetView, host: string, subset: string): SubsetCause | undefined {
  const unused = view.unused.filter(rule => rule.subsets.has(subset))
    .map(rule => `${namespacedName(rule.config)} declares it, but ${reasonAgainst(rule, view, subject)}`);
  return unused.length === 0 ? misreadHost(subject, view, host, subset) : { message: `DestinationRule ${unused.sort().join('; ')}` };
}

function reasonAgainst({ config: { namespace }, exportTo, workloadSelector }: DestinationRule, view: SubsetView, { settings }: Subject): string {
  const visibleIn = exportTo.length === 0 ? settings.defaultDestinationRuleExportTo : exportTo;
  return !view.consulted.includes(namespace) ? 'its namespace is not searched'
    : view.namespaces.some(client => isExportedTo(client, visibleIn, namespace)) ? `DestinationRule ${namesOf(view)} takes precedence`
      : workloadSelector !== undefined ? `its workloadSelector limits it to namespace ${namespace}`
        : `its exportTo (${visibleIn.join(', ')}) does not include ${view.namespaces.join(' or ')}`;
}

/** A rule for a Service of its own namespace that does not exist, because its host is the short name of the Service. */
function misreadHost({ destinationRules, services, settings }: Subject, view: SubsetView, host: string, subset: string): SubsetCause | undefined {
  const service = serviceOfHost(host, settings.clusterDomain);
  const rule = service && destinationRules.all.find(own => specOf(own.manifest).host === service.name && own.host !== host && own.subsets.has(subset)
    && services.at(own.host).length === 0);
  if (rule === undefined) {
    return undefined;
  }
  const { config } = rule;
  const completed = `Istio completes its host "${service!.name}" with its own namespace`;
  const move = view.consulted.includes(config.namespace) ? '' : `, and move the DestinationRule to namespace ${service!.namespace}`;
  return {
    message: `DestinationRule ${namespacedName(config)} declares it for ${rule.host}, because ${completed}`,
    fix: `Use the full host name ${host}${move}.`,
  };
}

/** The DestinationRules that the clients may use. */
function namesOf({ rules }: SubsetView): string {
  return [...new Set(rules.flatMap(({ from }) => from).map(namespacedName))].sort().join(', ');
}
