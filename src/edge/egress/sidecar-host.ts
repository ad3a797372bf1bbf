// Hosts in a Sidecar: a namespace, a slash and the name of a service.
import { InvalidProps } from '../../base/errors';
import { isHostName } from '../../base/host';
import { isDnsLabel } from '../../base/kubernetes-name';

/**
 * Returns a copy of the hosts.
 *
 * @param namespace the namespace of the Sidecar, which `.` refers to
 * @throws InvalidProps for hosts that Istio rejects or warns about (Istio 1.30, pkg/config/validation): malformed, duplicate or redundant
 */
export function requireSidecarHosts(prop: string, hosts: readonly string[], namespace: string): string[] {
  if (hosts.length === 0) {
    throw InvalidProps.value(prop, hosts, 'must contain at least one host; use ~/* for none');
  }
  hosts.forEach((host, index) => {
    const [place, name, ...rest] = host.split('/');
    const own = place.replace(/^~/, '');
    const isPlace = ['', '*', '.'].includes(own) ? own !== '' || place === '~' : isDnsLabel(own);
    if (!isPlace || rest.length > 0 || !(name === '*' || (name !== undefined && name.includes('.') && isHostName(name.replace(/^\*\./, ''))))) {
      throw InvalidProps.value(`${prop}[${index}]`, host,
        'must be NAMESPACE/HOST, where NAMESPACE can be . or * and HOST is a full host name or *: ./*, istio-system/*, shop/cart.shop.svc.cluster.local');
    }
  });
  const full = hosts.map(host => host.replace(/^\.\//, `${namespace}/`));
  full.forEach((host, index) => {
    const all = `${host.slice(0, host.indexOf('/'))}/*`;
    const covering = [
      full.indexOf(host) === index ? undefined : host,
      host !== all && full.includes(all) ? all : undefined,
      host !== '*/*' && !host.startsWith('~') && full.includes('*/*') ? '*/*' : undefined,
    ].find(other => other !== undefined);
    if (covering !== undefined) {
      throw InvalidProps.conflict(`${prop}[${index}]`, hosts[index], `is redundant, because ${prop} already contains ${hosts[full.indexOf(covering)]}`);
    }
  });
  return [...hosts];
}
