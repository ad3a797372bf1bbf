// The fields of alb-istio.yaml, with the values that each may have. They are named like the options of the API.
import { type ControllerOptions, FEATURE_GATES } from '../plan/controller-options';
import type { ObjectPattern } from '../checks/listed-acknowledgement';
import type { MeshSettings } from '../mesh/objects/settings';
import { isObject } from '../manifests/plain-json';

/** What a value must be. */
export interface FieldType {
  /** As the end of a sentence: `must be …`. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** The keys that a map may have. @default - any */
  readonly keys?: readonly string[];
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

const TEXT: FieldType = { expected: 'a string', accepts: isText };
const BOOLEAN: FieldType = { expected: 'true or false', accepts: isBoolean };
const TEXTS: FieldType = { expected: 'a list of strings', accepts: value => Array.isArray(value) && value.every(isText) };
const PATTERN: FieldType = { expected: 'a name, in which * and ? are wildcards', accepts: value => isText(value) && /^[\w.:*?-]+$/.test(value) };
const COUNT: FieldType = { expected: 'a whole number from 0', accepts: value => Number.isInteger(value) && (value as number) >= 0 };

function oneOf(...values: readonly string[]): FieldType {
  const names = [values.slice(0, -1).join(', '), values.at(-1)].join(' or ');
  return { expected: names, accepts: value => isText(value) && values.includes(value) };
}

function mapOf(what: string, accepts: (value: unknown) => boolean): FieldType {
  return { expected: `a map from names to ${what}`, accepts: value => isObject(value) && Object.values(value).every(accepts) };
}

/** `ignore`: globs, relative to the folder of the file. */
export const IGNORE = TEXTS;

/** `complete`: whether the manifests are all there is. */
export const COMPLETE = BOOLEAN;

/** The fields of an entry of `acknowledgements`. */
export const ACKNOWLEDGEMENT_FIELDS: Readonly<Record<'id' | 'object' | 'reason' | 'expires', FieldType>> = {
  id: TEXT,
  object: { expected: 'a map with kind, name and, if it has one, namespace', accepts: isObject },
  reason: { expected: 'a string that is not blank', accepts: value => isText(value) && value.trim() !== '' },
  expires: { expected: 'a date such as 2027-01-31', accepts: value => isText(value) && isDate(value) },
};

/** The fields of `object` in an entry. Names have no other characters, so that other wildcards are a mistake. */
export const OBJECT_FIELDS: Readonly<Record<keyof ObjectPattern, FieldType>> = { kind: PATTERN, namespace: PATTERN, name: PATTERN };

/** Whether the day exists. Dates of YAML are strings here, as they are for kubectl. */
function isDate(value: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(value)?.map(Number) ?? [];
  const isLeapYear = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= ([31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0);
}

/** `controller`: flags of the AWS Load Balancer Controller. */
export const CONTROLLER_FIELDS: Readonly<Record<keyof ControllerOptions, FieldType>> = {
  clusterName: TEXT,
  ingressClass: TEXT,
  loadBalancerClass: TEXT,
  serviceMutatorWebhook: BOOLEAN,
  disableIngressClassAnnotation: BOOLEAN,
  disableIngressGroupNameAnnotation: BOOLEAN,
  defaultScheme: oneOf('internal', 'internet-facing'),
  defaultTargetType: oneOf('instance', 'ip'),
  defaultSslPolicy: TEXT,
  defaultTags: mapOf('strings', isText),
  externalManagedTags: TEXTS,
  backendSecurityGroup: BOOLEAN,
  manageBackendSecurityGroupRules: BOOLEAN,
  disableRestrictedSecurityGroupRules: BOOLEAN,
  tolerateNonExistentBackendService: BOOLEAN,
  tolerateNonExistentBackendAction: BOOLEAN,
  featureGates: { ...mapOf('true or false', isBoolean), keys: Object.keys(FEATURE_GATES) },
};

/** `mesh`: settings of MeshConfig and istiod. */
export const MESH_FIELDS: Readonly<Record<keyof MeshSettings, FieldType>> = {
  rootNamespace: TEXT,
  clusterDomain: TEXT,
  trustDomains: TEXTS,
  outboundPolicy: oneOf('ALLOW_ANY', 'REGISTRY_ONLY'),
  autoMtls: BOOLEAN,
  numTrustedProxies: COUNT,
  pathNormalization: oneOf('NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'),
  defaultVirtualServiceExportTo: TEXTS,
  defaultDestinationRuleExportTo: TEXTS,
  defaultServiceExportTo: TEXTS,
  defaultRetryAttempts: COUNT,
};
