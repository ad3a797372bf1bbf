// What Istio's webhook refuses in a DestinationRule (Istio 1.30, pkg/config/validation/validation.go:592-1120 and agent/validation.go:280).
import { duplicatesIn } from '../../base/duplicates';
import { PlainObject, asList, asObject, asText, asTexts, isObject } from '../../manifests/plain-json';
import { faultOfDuration } from './durations';
import { faultsOfExportTo } from './export-to';
import { faultOfHost, isLabel } from './hosts';
import { faultsOfLabels, faultsOfSelectedLabels } from './selectors';

/** Faults of a DestinationRule. */
export function faultsOfDestinationRule(spec: PlainObject, _: string, namespace: string): string[] {
  const subsets = asList(spec.subsets).map(asObject);
  const names = subsets.map(({ name }) => asText(name) ?? '');
  const selector = spec.workloadSelector;
  return [
    ...faultOfHost(asText(spec.host) ?? ''),
    ...faultsOfPolicy(spec.trafficPolicy),
    ...duplicatesIn(names).map(name => `duplicate subset names: ${name}`),
    ...subsets.flatMap(({ name, labels, trafficPolicy }) => (
      [...faultsOfSubsetName(asText(name) ?? ''), ...faultsOfLabels(labels), ...faultsOfPolicy(trafficPolicy)])),
    ...faultsOfExportTo(asTexts(spec.exportTo), namespace, { hasSelector: isObject(selector) }),
    ...faultsOfSelectedLabels(asObject(selector).matchLabels),
  ];
}

/** Faults of the name of a subset. */
export function faultsOfSubsetName(name: string): string[] {
  return name === '' ? ['subset name cannot be empty'] : isLabel(name) ? [] : [`subset name is invalid: ${name}`];
}

const BLOCKS = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'] as const;
const OTHERS = ['portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'] as const;

function faultsOfPolicy(policy: unknown): string[] {
  if (!isObject(policy)) {
    return [];
  }
  if ([...BLOCKS, ...OTHERS].every(key => policy[key] === undefined || policy[key] === null)) {
    return ['traffic policy must have at least one field'];
  }
  if (isObject(policy.tunnel) && isObject(policy.proxyProtocol)) {
    return ['tunnel and proxyProtocol must not be set together'];
  }
  return [...faultsOfBlocks(policy), ...asList(policy.portLevelSettings).map(asObject).flatMap(level => [
    ...(isObject(level.port) ? [] : ['portTrafficPolicy must have valid port']),
    ...(BLOCKS.every(key => !isObject(level[key])) ? ['port traffic policy must have at least one field'] : faultsOfBlocks(level)),
  ])];
}

function faultsOfBlocks({ outlierDetection, connectionPool, loadBalancer, tls }: PlainObject): string[] {
  const [outliers, balancer] = [faultsOfOutliers(asObject(outlierDetection)), faultsOfBalancer(asObject(loadBalancer))];
  return [...outliers, ...faultsOfPool(connectionPool), ...balancer, ...faultsOfTls(asObject(tls))];
}

function faultsOfOutliers(outlier: PlainObject): string[] {
  const percent = [outlier.maxEjectionPercent, outlier.minHealthPercent].filter(value => typeof value === 'number' && (value < 0 || value > 100));
  const failures = outlier.splitExternalLocalOriginErrors !== true && typeof outlier.consecutiveLocalOriginFailures === 'number'
    && outlier.consecutiveLocalOriginFailures > 0;
  return [
    ...faultOfDuration(outlier.baseEjectionTime), ...faultOfDuration(outlier.interval),
    ...(failures ? ['outlier detection consecutive local origin failures is specified, but split external local origin errors is set to false'] : []),
    ...percent.map(value => `percentage ${String(value)} is not in range 0..100`),
  ];
}

function faultsOfPool(pool: unknown): string[] {
  if (!isObject(pool)) {
    return [];
  }
  const { http, tcp } = pool;
  if (!isObject(http) && !isObject(tcp)) {
    return ['connection pool must have at least one field'];
  }
  const { connectTimeout, maxConnectionDuration } = asObject(tcp);
  return [asObject(http).idleTimeout, connectTimeout, maxConnectionDuration].flatMap(faultOfDuration);
}

function faultsOfBalancer({ consistentHash }: PlainObject): string[] {
  const { httpCookie, maglev } = asObject(consistentHash);
  const size = isObject(maglev) ? Number(maglev.tableSize ?? 0) : undefined;
  return [
    ...(isObject(httpCookie) && !asText(httpCookie.name) ? ['name required for HttpCookie'] : []),
    ...(size === undefined ? [] : [
      ...(size === 0 ? ['tableSize must be set for maglev'] : []), ...(size >= 5_000_011 ? ['tableSize must be less than 5000011 for maglev'] : []),
      ...(isPrime(size) ? [] : ['tableSize must be a prime number for maglev']),
    ]),
  ];
}

function isPrime(size: number): boolean {
  if (size > 0 && size < 4) {
    return true;
  }
  for (let factor = 3; factor * factor <= size && size < 5_000_011; factor += 2) {
    if (size % factor === 0) {
      return false;
    }
  }
  return size % 2 === 1;
}

function faultsOfTls(tls: PlainObject): string[] {
  const has = (key: string) => Boolean(asText(tls[key]));
  const isSimple = tls.mode === 'SIMPLE';
  const isMutual = tls.mode === 'MUTUAL';
  const names = Array.isArray(tls.subjectAltNames);
  const unverified = tls.insecureSkipVerify === true;
  return [
    ...(unverified && isSimple && (has('caCertificates') || has('credentialName') || names)
      ? ['cannot specify CaCertificates or CredentialName or SubjectAltNames when InsecureSkipVerify is set true'] : []),
    ...(unverified && isMutual && (has('caCertificates') || names)
      ? ['cannot specify CaCertificates or SubjectAltNames when InsecureSkipVerify is set true'] : []),
    ...((isSimple || isMutual) && has('credentialName')
      ? ['clientCertificate', 'caCertificates', 'privateKey', 'caCrl'].some(has)
        ? ['cannot specify client certificates or CA certificate or CA CRL If credentialName is set'] : []
      : isMutual ? [...(has('clientCertificate') ? [] : ['client certificate required for mutual tls']),
        ...(has('privateKey') ? [] : ['private key required for mutual tls'])] : []),
  ];
}
