// What Istio's webhook refuses in policies of security (Istio 1.30, pkg/config/validation/validation.go:1402-1590, 1707).
import { isCidr, isIpAddress } from '../../base/ip';
import { PlainObject, asList, asObject, asText, asTexts, isObject } from '../../manifests/plain-json';
import { faultOfDuration } from './durations';
import { faultsOfPolicyTargets, faultsOfSelectedLabels } from './selectors';

const NEVER = (action: string) => `${action} action without \`rules\` is meaningless as it will never be triggered, `
  + 'add an empty rule `{}` if you want it be triggered for every request';

/** Faults of an AuthorizationPolicy. */
export function faultsOfAuthorizationPolicy(spec: PlainObject): string[] {
  const action = asText(spec.action) ?? 'ALLOW';
  const faults = faultsOfPolicyTargets(spec);
  if (action !== 'CUSTOM' && isObject(spec.provider)) {
    faults.push(`\`provider\` must not be with non CUSTOM action, found ${action}`);
  }
  if ((action === 'DENY' || action === 'CUSTOM') && !Array.isArray(spec.rules)) {
    faults.push(NEVER(action));
  }
  if (action === 'CUSTOM' && Array.isArray(spec.rules) && !asText(asObject(spec.provider).name)) {
    faults.push('`provider.name` must not be empty');
  }
  asList(spec.rules).map(asObject).forEach((rule, index) => {
    faults.push(...faultsOfEntries(rule.from, 'from', 'source', index), ...faultsOfEntries(rule.to, 'to', 'operation', index));
    faults.push(...asList(rule.when).map(asObject).filter(({ values, notValues }) => asList(values).length + asList(notValues).length === 0)
      .map(({ key }) => `at least one of \`values\` or \`notValues\` must be set for key ${asText(key) ?? ''}`));
    faults.push(...asList(rule.from).map(asObject).flatMap(({ source }) => faultsOfSource(asObject(source), index)));
    faults.push(...asList(rule.to).map(asObject).flatMap(({ operation }) => faultsOfOperation(asObject(operation))));
    faults.push(...asList(rule.when).map(asObject).flatMap(faultsOfCondition));
    faults.push(...action === 'CUSTOM' ? unsupportedIn(rule) : []);
  });
  return faults;
}

/** What an external authorizer cannot be asked about (Istio 1.30, pkg/config/validation/validation.go:1430). */
function unsupportedIn({ from, when }: PlainObject): string[] {
  const fields = ['namespaces', 'serviceAccounts', 'trustDomains', 'principals', 'requestPrincipals'];
  const sources = asList(from).map(entry => asObject(asObject(entry).source));
  const keys = asList(when).map(entry => asText(asObject(entry).key) ?? '');
  return [
    ...sources.flatMap(source => fields.filter(field => both(source, field).length > 0)).map(field => `From.${field[0].toUpperCase()}${field.slice(1)}`),
    ...keys.filter(key => /^(source\.(namespace|serviceAccount|trustDomain|principal)$|request\.auth\.)/.test(key)),
  ].map(what => `${what} is currently not supported with CUSTOM action`);
}

const both = (fields: PlainObject, field: string) => [...asTexts(fields[field]), ...asTexts(fields[`not${field[0].toUpperCase()}${field.slice(1)}`])];

function faultsOfSource(source: PlainObject, index: number): string[] {
  const isMixed = ['principals', 'namespaces'].some(field => both(source, field).length > 0) && both(source, 'serviceAccounts').length > 0;
  return [
    ...(isMixed ? [`cannot set serviceAccounts with namespaces or principals, found at rule ${index}`] : []),
    ...['ipBlocks', 'remoteIpBlocks'].flatMap(field => both(source, field).flatMap(faultOfIp)),
    ...both(source, 'serviceAccounts').flatMap(faultOfAccount), ...emptyIn(source),
  ];
}

function faultsOfOperation(operation: PlainObject): string[] {
  return [...both(operation, 'ports').flatMap(faultOfPort), ...both(operation, 'paths').flatMap(faultOfTemplate), ...emptyIn(operation)];
}

function emptyIn(fields: PlainObject): string[] {
  return Object.entries(fields).filter(([, values]) => asList(values).includes('')).map(([field]) => `empty value not allowed, found in ${field}`);
}

const KNOWN = new Set(['source.namespace', 'source.principal', 'source.trustDomain', 'request.auth.principal', 'request.auth.audiences',
  'request.auth.presenter', 'connection.sni']);

function faultsOfCondition(condition: PlainObject): string[] {
  const key = asText(condition.key) ?? '';
  const values = both({ values: condition.values, notValues: condition.notValues }, 'values');
  if (values.length === 0) {
    return [];
  }
  if (/^(request\.headers|request\.auth\.claims|experimental\.)/.test(key)) {
    return /\[.+\]$/.test(key) ? [] : [`bad key (${key}): should have format a[b]`];
  }
  switch (key) {
    case 'source.ip': case 'remote.ip': case 'destination.ip': return values.flatMap(faultOfIp);
    case 'destination.port': return values.flatMap(faultOfPort);
    case 'source.serviceAccount': return values.flatMap(faultOfAccount);
    default: return KNOWN.has(key) ? [] : [`unknown attribute: ${key}`];
  }
}

function faultOfIp(value: string): string[] {
  return value.includes('/') ? isCidr(value) ? [] : [`bad CIDR range (${value})`] : isIpAddress(value) ? [] : [`bad IP address (${value})`];
}

function faultOfPort(value: string): string[] {
  return /^\d+$/.test(value) && Number(value) <= 65535 ? [] : [`bad port (${value})`];
}

function faultOfAccount(value: string): string[] {
  return value === '' || value.includes('*') || value.split('/').length > 2 ? [`invalid service account ${value}`] : [];
}

/** Templates are segments of their own, and `{**}` is the last of them (Istio 1.30, pkg/config/security/security.go:183-219). */
function faultOfTemplate(path: string): string[] {
  const segments = path.replace(/^\/+|\/+$/g, '').split('/');
  const isTemplate = segments.some(segment => segment === '{*}' || segment === '{**}');
  const any = segments.indexOf('{**}');
  const wrong = segments.find((segment, index) => (segment === '{*}' || segment === '{**}' ? any !== -1 && index > any
    : /[{}]/.test(segment) || (isTemplate && !/^[a-zA-Z0-9-._~%!$&'()+,;:@=]*$/.test(segment))));
  return wrong === undefined ? [] : [`invalid or unsupported path ${path}`];
}

/** Faults of a RequestAuthentication. */
export function faultsOfRequestAuthentication(spec: PlainObject): string[] {
  return [...faultsOfPolicyTargets(spec), ...asList(spec.jwtRules).map(asObject).flatMap(faultsOfToken)];
}

function faultsOfToken(rule: PlainObject): string[] {
  return [
    ...(asText(rule.issuer) || asText(rule.jwksUri) ? [] : ['issuer or jwksUri must be non-empty string']),
    ...(asTexts(rule.audiences).includes('') ? ['audience must be non-empty string'] : []),
    ...(asText(rule.jwks) && !isKeySet(asText(rule.jwks)!) ? ['jwks parse error'] : []),
    ...asList(rule.fromHeaders).map(asObject).filter(({ name }) => !asText(name)).map(() => 'location header name must be non-empty string'),
    ...(asTexts(rule.fromParams).includes('') ? ['location query must be non-empty string'] : []),
    ...(asTexts(rule.fromCookies).includes('') ? ['cookie name must be non-empty string'] : []),
    ...faultOfDuration(rule.timeout),
  ];
}

function isKeySet(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

function faultsOfEntries(value: unknown, list: string, field: string, index: number): string[] {
  if (!Array.isArray(value)) {
    return [];
  }
  const isEmpty = (entry: PlainObject) => Object.values(asObject(entry[field])).every(values => asList(values).length === 0);
  return value.length === 0 ? [`\`${list}\` must not be empty, found at rule ${index}`] : value.map(asObject).flatMap(entry =>
    (!isObject(entry[field]) ? [`\`${list}.${field}\` must not be nil, found at rule ${index}`]
      : isEmpty(entry) ? [`\`${list}.${field}\` must not be empty, found at rule ${index}`] : []));
}

/** Faults of a PeerAuthentication. */
export function faultsOfPeerAuthentication(spec: PlainObject): string[] {
  const labels = asObject(asObject(spec.selector).matchLabels);
  const ports = Object.keys(asObject(spec.portLevelMtls));
  return [
    ...(Object.keys(labels).length === 0 && ports.length > 0 ? ['mesh/namespace peer authentication cannot have port level mTLS'] : []),
    ...(isObject(spec.portLevelMtls) && ports.length === 0 ? ['port level mTLS, if defined, must have at least one element'] : []),
    ...ports.filter(port => !/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65535).map(() => 'port must be in range 1..65535'),
    ...faultsOfSelectedLabels(labels),
  ];
}
