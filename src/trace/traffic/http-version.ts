// Versions of HTTP, as logs and browsers write them.
import type { ClientRequest } from '../client-request';

/** `HTTP/1.1`, `HTTP/2`, `HTTP/2.0` or `h2`, in any letter case. No load balancer of AWS speaks HTTP/3. */
export function httpOf(written: string): Pick<ClientRequest, 'http'> {
  const [, version] = /^(?:h|http\/)(1\.0|1\.1|2)(?:\.0)?$/i.exec(written) ?? [];
  return version === '1.0' || version === '1.1' || version === '2' ? { http: version } : {};
}
