// Names of services, as a Sidecar lists them: a namespace, a slash and a host.
import { InvalidProps } from '../../base/errors';
import { isHostName } from '../../base/host';
import { isDnsLabel } from '../../base/kubernetes-name';

/**
 * Returns the hosts, or throws for what Istio refuses or warns of (Istio 1.30, pkg/config/validation): a malformed one, one given twice,
 * one that another covers.
 *
 * @param namespace the namespace of the object, which `.` stands for
 */
export function requireSidecarHosts(prop: string, hosts: readonly string[], namespace: string): string[] {
  if (hosts.length === 0) {
    throw InvalidProps.value(prop, hosts, 'must be at least one host, or ~/* for none');
  }
  hosts.forEach((host, index) => {
    const [place, name, ...rest] = host.split('/');
    const own = place.replace(/^~/, '');
    const isPlace = ['', '*', '.'].includes(own) ? own !== '' || place === '~' : isDnsLabel(own);
    if (!isPlace || rest.length > 0 || !(name === '*' || (name !== undefined && name.includes('.') && isHostName(name.replace(/^\*\./, ''))))) {
      throw InvalidProps.value(`${prop}[${index}]`, host,
        'must be a namespace, . or *, then a slash, then a full host name or *: ./*, istio-system/*, shop/cart.shop.svc.cluster.local');
    }
  });
  const full = hosts.map(host => host.replace(/^\.\//, `${namespace}/`));
  full.forEach((host, index) => {
    const all = `${host.slice(0, host.indexOf('/'))}/*`;
    if (full.indexOf(host) !== index || (host !== all && full.includes(all)) || (host !== '*/*' && !host.startsWith('~') && full.includes('*/*'))) {
      throw InvalidProps.value(`${prop}[${index}]`, hosts[index], 'must be every host once, and none that another one covers');
    }
  });
  return [...hosts];
}
