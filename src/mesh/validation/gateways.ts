// What Istio's webhook refuses in a Gateway (Istio 1.30, pkg/config/validation/validation.go:386-620).
import { duplicatesIn } from '../../base/duplicates';
import { classOf } from '../../base/istio/protocol';
import { PlainObject, asInteger, asList, asObject, asText, asTexts, isObject } from '../../manifests/plain-json';
import { faultsOfServerHost, isLabel } from './hosts';
import { faultOfPort } from './ports';

/** Faults of a Gateway. */
export function faultsOfGateway(spec: PlainObject, name: string): string[] {
  const servers = asList(spec.servers).map(asObject);
  const names = servers.flatMap(({ port }) => (isObject(port) ? [asText(port.name) ?? ''] : []));
  return [
    ...(isLabel(name) ? [] : [`invalid gateway name: "${name}"`]),
    ...(servers.length === 0 ? ['gateway must have at least one server'] : servers.flatMap(faultsOfServer)),
    ...duplicatesIn(names).map(own => `port names in servers must be unique: duplicate name ${own}`),
  ];
}

function faultsOfServer(server: PlainObject): string[] {
  const hosts = asTexts(server.hosts);
  const faults = hosts.length === 0 ? ['server config must contain at least one host'] : hosts.flatMap(faultsOfServerHost);
  const port = faultsOfPort(server.port);
  const tls = isObject(server.tls) ? server.tls : undefined;
  faults.push(...port, ...(tls ? faultsOfTls(tls) : []));
  if (port.length > 0) {
    return faults;
  }
  const protocol = classOf(asText(asObject(server.port).protocol) ?? '');
  if (protocol === 'https' || protocol === 'tls') {
    return tls ? faults : [...faults, 'server must have TLS settings for HTTPS/TLS protocols'];
  }
  if (tls && protocol !== 'http') {
    faults.push('server cannot have TLS settings for non HTTPS/TLS ports');
  } else if (tls && (!isPassthrough(tls) || [tls.caCertificates, tls.privateKey, tls.serverCertificate].some(Boolean))) {
    faults.push('server cannot have TLS settings for plain text HTTP ports');
  }
  return faults;
}

function isPassthrough({ mode }: PlainObject): boolean {
  return mode === undefined || mode === 'PASSTHROUGH' || mode === 'AUTO_PASSTHROUGH';
}

function faultsOfPort(value: unknown): string[] {
  if (!isObject(value)) {
    return ['port is required'];
  }
  const [protocol, number] = [asText(value.protocol) ?? '', asInteger(value.number) ?? 0];
  return [
    ...(classOf(protocol) === 'auto'
      ? [`invalid protocol "${protocol}", supported protocols are HTTP, HTTP2, GRPC, GRPC-WEB, MONGO, REDIS, MYSQL, TCP`] : []),
    ...faultOfPort(number),
    ...(asText(value.name) ? [] : ['port name must be set']),
  ];
}

function faultsOfTls(tls: PlainObject): string[] {
  const credentials = [tls.credentialName ? 'credentialName' : '', asTexts(tls.credentialNames).length > 0 ? 'credentialNames' : ''].filter(Boolean);
  const certificates = asList(tls.tlsCertificates).length > 0;
  if (tls.mode === 'ISTIO_MUTUAL') {
    return [...(tls.serverCertificate ? ['server certificate'] : []), ...(tls.privateKey ? ['private key'] : []), ...(tls.caCertificates ? ['CA bundle'] : []),
      ...(certificates ? ['tlsCertificates'] : []), ...credentials].map(what => `ISTIO_MUTUAL TLS cannot have associated ${what}`);
  }
  const sources = credentials.length + Number(certificates) + Number(Boolean(tls.serverCertificate && tls.privateKey));
  const several = sources > 1
    ? ['only one of credential_name, credential_names, server_certificate/private_key, tls_certificates should be specified'] : [];
  if (credentials.length > 0 || isPassthrough(tls)) {
    return several;
  }
  const prefix = tls.mode === 'SIMPLE' ? 'SIMPLE TLS' : 'MUTUAL TLS';
  const lacks = (isThere: unknown, what: string) => (isThere ? [] : [`${prefix} requires a ${what}`]);
  const own = certificates ? [] : [...lacks(tls.serverCertificate, 'server certificate'), ...lacks(tls.privateKey, 'private key')];
  return [...several, ...lacks(tls.mode === 'SIMPLE' || tls.caCertificates, 'client CA bundle'), ...own];
}
