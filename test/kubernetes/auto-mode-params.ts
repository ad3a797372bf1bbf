// The IngressClassParams of EKS Auto Mode. AWS publishes no CRD, so these are the fields that the EKS user guide lists (auto-configure-alb, 2025-08).
import Ajv, { type SchemaObject } from 'ajv';
import type { PlainObject } from '../../src/manifests/plain-json';
import { faultText } from './schema-error';

const TEXT = { type: 'string' };
const TEXTS = { type: 'array', items: TEXT, minItems: 1 };
const PAIRS = { type: 'array', items: closed({ key: TEXT, value: TEXT }, ['key', 'value']) };

const SPEC = closed({
  scheme: { enum: ['internal', 'internet-facing'] },
  namespaceSelector: { type: 'object' },
  group: closed({ name: TEXT }, ['name']),
  ipAddressType: TEXT,
  subnets: closed({ ids: TEXTS, matchTags: { type: 'array' } }),
  certificateARNs: TEXTS,
  tags: PAIRS,
  loadBalancerAttributes: PAIRS,
});

const validate = new Ajv({ allErrors: true }).compile(closed({ apiVersion: TEXT, kind: TEXT, metadata: { type: 'object' }, spec: SPEC }));

function closed(properties: Readonly<Record<string, SchemaObject>>, required: readonly string[] = []): SchemaObject {
  return { type: 'object', properties, required, additionalProperties: false };
}

/** What is wrong with IngressClassParams of EKS Auto Mode; nothing for an object of another kind. */
export function autoModeParamsFaults(object: PlainObject): string[] | undefined {
  const isOurs = object.apiVersion === 'eks.amazonaws.com/v1' && object.kind === 'IngressClassParams';
  return isOurs ? (validate(object) ? [] : validate.errors!.map(faultText)) : undefined;
}
