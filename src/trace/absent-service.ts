// Where a trace gets to a Service that the input lacks: the end is not decided, unless nothing else can bring the Service.
import { MESH, serviceOfHost } from '../base/istio/names';
import { asText } from '../manifests/plain-json';
import { valueAt } from '../manifests/pointer';
import type { Mesh } from '../mesh/mesh';
import type { Route } from '../mesh/route/routes';

/** Why the end at a host is not decided; nothing if the input has the host, or certainly nobody has it. @param route the one that names the host */
export function whyUndecided(mesh: Mesh, host: string, route?: Route): string | undefined {
  const isUndecided = mesh.absentHosts.mayExist(host) && mesh.absentHosts.of(host, isShortAtGateway(route, host)).is === 'unknown';
  return isUndecided ? undecidedText(mesh, host) : undefined;
}

/** What would decide. @param more what else may be done */
export function undecidedText(mesh: Mesh, host: string, more = ''): string {
  const service = serviceOfHost(host, mesh.settings.clusterDomain);
  const what = service === undefined ? `No Service or ServiceEntry of the input has ${host}: add one`
    : `Service ${service.namespace}/${service.name} is not in the input: add it`;
  return `${what}${more}${mesh.elsewhere.isComplete ? '; an object of the input may bring it.' : ', or pass complete if the input is all there is.'}`;
}

/** Whether a route of a gateway names the host without a namespace. The names in delegates are completed with theirs. */
function isShortAtGateway({ virtualService, http }: Partial<Route> = {}, host: string): boolean {
  const named = http?.destinations.map(({ destination }) => destination).find(own => own.host === host);
  return virtualService !== undefined && named !== undefined && named.manifest === virtualService.config.manifest
    && virtualService.gateways.some(gateway => gateway !== MESH) && asText(valueAt(named.manifest.object, `${named.pointer}/host`))?.includes('.') === false;
}
