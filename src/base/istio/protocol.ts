// Protocols of ports: how a Service or a Gateway declares them, and to which class each belongs.

/** The classes by which istiod decides what a listener does; `auto` is sniffed. */
export type ProtocolClass = 'http' | 'https' | 'tls' | 'tcp' | 'auto' | 'udp';

const CLASSES: Record<string, ProtocolClass | undefined> = {
  'http': 'http', 'http2': 'http', 'grpc': 'http', 'grpc-web': 'http', 'http_proxy': 'http', 'https': 'https', 'tls': 'tls',
  'tcp': 'tcp', 'mongo': 'tcp', 'redis': 'tcp', 'mysql': 'tcp', 'udp': 'udp',
};

/** What Kubernetes itself defines for `appProtocol`. */
const APP_PROTOCOLS: Record<string, string | undefined> = { 'kubernetes.io/h2c': 'http2', 'kubernetes.io/ws': 'http', 'kubernetes.io/wss': 'https' };

/** SMTP, DNS, MySQL and MongoDB let the server speak first, so these ports are not sniffed. */
const SERVER_FIRST = new Set([25, 53, 3306, 27017]);

/** The class of a protocol's name, in any letter case (Istio 1.30, pkg/config/protocol/instance.go:68). */
export function classOf(protocol: string): ProtocolClass {
  const name = protocol.toLowerCase();
  return (Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined) ?? 'auto';
}

/** What a Service says of a port. */
export interface DeclaredPort {
  readonly port: number;
  readonly name?: unknown;
  readonly protocol?: unknown;
  readonly appProtocol?: unknown;
}

/** The class of a Service port: `appProtocol`, else the port's name up to `-` (Istio 1.30, pkg/config/kube/conversion.go:62). */
export function classOfServicePort(port: DeclaredPort): ProtocolClass {
  if (port.protocol === 'UDP') {
    return 'udp';
  }
  const declared = typeof port.appProtocol === 'string' ? port.appProtocol : undefined;
  const name = typeof port.name === 'string' ? port.name : '';
  const text = (declared !== undefined && Object.hasOwn(APP_PROTOCOLS, declared) ? APP_PROTOCOLS[declared] : undefined) ?? declared ?? name;
  const found = classOf(text.toLowerCase().startsWith('grpc-web') ? 'grpc-web' : text.split('-')[0]);
  return found === 'auto' && SERVER_FIRST.has(port.port) ? 'tcp' : found;
}

/** Whether the port may carry HTTP: declared as such, or sniffed. */
export function mayBeHttp(protocol: ProtocolClass): boolean {
  return protocol === 'http' || protocol === 'auto';
}
