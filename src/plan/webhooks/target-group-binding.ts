// TargetGroupBindings as the controller's webhooks complete and refuse them (AWS Load Balancer Controller 3.5.0 webhooks/elbv2/targetgroupbinding_*.go).
import { inOrder, type Manifest, qualifiedNameOf, specOf } from '../../manifests/manifest';
import { asObject, asText, isObject, type PlainObject } from '../../manifests/plain-json';
import type { AwsAnswers } from '../aws-answers';
import { Inquiry } from '../inquiry';
import { orRefusal, type PlanEvent, Refusal, Webhook } from '../refusal';

/** The spec with what the mutating webhook adds to it. Fields that AWS would answer are absent without an answer. */
export interface TargetGroupBindingSpec {
  readonly targetGroupARN?: string;
  readonly targetGroupName?: string;
  readonly multiClusterTargetGroup?: boolean;
  readonly targetType?: string;
  readonly targetGroupProtocol?: string;
  readonly serviceRef?: { readonly name?: string; readonly port?: number | string };
  readonly networking?: PlainObject;
  readonly nodeSelector?: PlainObject;
  readonly ipAddressType?: string;
  readonly vpcID?: string;
  readonly iamRoleArnToAssume?: string;
  readonly assumeRoleExternalId?: string;
}

/** A TargetGroupBinding of the input: what is stored, or why it is refused. */
export interface PlannedTargetGroupBinding {
  readonly manifest: Manifest;
  readonly spec?: TargetGroupBindingSpec;
  readonly refused?: PlanEvent;
  /** What only AWS knows. */
  readonly unknown: readonly string[];
}

const VPC_ID = /^vpc-([0-9a-f]{8}|[0-9a-f]{17}|[0-9a-f]{32})$/;

/** All bindings, by `namespace/name`. Each is checked against all others, whichever comes first. */
export function targetGroupBindingsOf(manifests: readonly Manifest[], answers: AwsAnswers): PlannedTargetGroupBinding[] {
  return inOrder(manifests).map(manifest => {
    const inquiry = new Inquiry(answers);
    let webhook = Webhook.TARGET_GROUP_BINDING_MUTATION;
    const spec = orRefusal(() => {
      const written = specFieldsOf(manifest);
      const target = targetOf(inquiry, manifest, written);
      const stored = completed(manifest, written, target);
      webhook = Webhook.TARGET_GROUP_BINDING;
      validate(manifest, stored, target, manifests);
      return stored;
    });
    if (!(spec instanceof Refusal)) {
      return { manifest, spec, unknown: inquiry.unknown };
    }
    const refused: PlanEvent = { severity: 'refused', reason: spec.reason, manifest, pointer: spec.pointer, reach: 'object', webhook };
    return { manifest, refused, unknown: inquiry.unknown };
  });
}

/** The fields of the CRD; the API server drops others. */
function specFieldsOf(manifest: Manifest): TargetGroupBindingSpec {
  const spec = specOf(manifest);
  const text = (field: string) => asText(spec[field]) || undefined;
  const { serviceRef, networking, nodeSelector } = spec;
  const { name, port } = asObject(serviceRef);
  return {
    targetGroupARN: text('targetGroupARN'),
    targetGroupName: text('targetGroupName'),
    multiClusterTargetGroup: spec.multiClusterTargetGroup === true || undefined,
    targetType: text('targetType'),
    targetGroupProtocol: text('targetGroupProtocol'),
    serviceRef: isObject(serviceRef) ? { name: asText(name), port: typeof port === 'number' ? port : asText(port) } : undefined,
    networking: isObject(networking) ? networking : undefined,
    nodeSelector: isObject(nodeSelector) ? nodeSelector : undefined,
    ipAddressType: text('ipAddressType'),
    vpcID: text('vpcID'),
    iamRoleArnToAssume: text('iamRoleArnToAssume'),
    assumeRoleExternalId: text('assumeRoleExternalId'),
  };
}

/** The target group in AWS, as far as it is known. */
interface Target {
  readonly arn?: string;
  readonly targetType?: string;
  readonly ipAddressType?: string;
  readonly vpcID?: string;
  readonly protocol?: string;
}

/** The ARN decides; the name is only read without it, and is not compared with it (targetgroupbinding_mutator.go:69). */
function targetOf(inquiry: Inquiry, manifest: Manifest, { targetGroupARN, targetGroupName }: TargetGroupBindingSpec): Target {
  if (targetGroupARN === undefined && targetGroupName === undefined) {
    throw new Refusal(manifest, '/spec', 'must have targetGroupARN or targetGroupName');
  }
  const byName = (name: string) => inquiry.ask({ ask: 'target group by name', name }, `the ARN of target group ${name}`, { manifest }, '/spec/targetGroupName');
  const arn = targetGroupARN ?? byName(targetGroupName ?? '')?.[0];
  if (arn === undefined) {
    return {};
  }
  const facts = inquiry.ask({ ask: 'target group by ARN', arn }, `the type, protocol and VPC of target group ${arn}`, { manifest }, '/spec/targetGroupARN');
  const [targetType, ipAddressType, vpcID, protocol] = facts ?? [];
  return { arn, targetType, ipAddressType: facts && (ipAddressType || 'ipv4'), vpcID, protocol };
}

/** What the mutating webhook adds (targetgroupbinding_mutator.go:56). */
function completed(manifest: Manifest, written: TargetGroupBindingSpec, target: Target): TargetGroupBindingSpec {
  if (written.targetType === undefined && target.targetType !== undefined && !['instance', 'ip'].includes(target.targetType)) {
    throw new Refusal(manifest, '/spec', `the target group must have target type instance or ip; it has ${target.targetType}`);
  }
  return {
    ...written,
    targetGroupARN: target.arn,
    targetType: written.targetType ?? target.targetType,
    ipAddressType: written.ipAddressType ?? target.ipAddressType,
    vpcID: written.vpcID ?? target.vpcID,
    targetGroupProtocol: written.targetGroupProtocol ?? target.protocol,
  };
}

/** What the validating webhook refuses, in its order (targetgroupbinding_validator.go:68). It looks at neither the Service nor its ports. */
function validate(manifest: Manifest, spec: TargetGroupBindingSpec, target: Target, all: readonly Manifest[]): void {
  const refuse = (field: string, reason: string) => new Refusal(manifest, `/spec/${field}`, reason);
  const { targetType, nodeSelector, ipAddressType, vpcID, targetGroupProtocol: protocol } = spec;
  if (targetType === 'ip' && nodeSelector !== undefined) {
    throw refuse('nodeSelector', 'cannot be set for target type ip');
  }
  requireOwnTargetGroup(manifest, spec, all);
  if (target.ipAddressType !== undefined && ipAddressType !== target.ipAddressType) {
    throw refuse('ipAddressType', `must be ${target.ipAddressType}, as of the target group; got ${ipAddressType}`);
  }
  if (vpcID !== undefined && !VPC_ID.test(vpcID)) {
    throw refuse('vpcID', `must be vpc- and 8, 17 or 32 hexadecimal digits; got ${vpcID}`);
  }
  if (target.vpcID !== undefined && vpcID !== undefined && vpcID !== target.vpcID) {
    throw refuse('vpcID', `must be ${target.vpcID}, as of the target group; got ${vpcID}`);
  }
  if (spec.iamRoleArnToAssume !== undefined && targetType === 'instance') {
    throw refuse('iamRoleArnToAssume', 'cannot be set for target type instance');
  }
  if (target.protocol !== undefined && protocol !== target.protocol) {
    throw refuse('targetGroupProtocol', `must be ${target.protocol}, as of the target group; got ${protocol}`);
  }
  if (['QUIC', 'TCP_QUIC'].includes(target.protocol ?? '') && targetType === 'instance') {
    throw refuse('targetType', `cannot be instance for a target group of protocol ${target.protocol}`);
  }
}

/** Several bindings of one target group must all be multi-cluster. The ARNs of the others are compared as written (:212). */
function requireOwnTargetGroup(manifest: Manifest, { targetGroupARN, multiClusterTargetGroup }: TargetGroupBindingSpec, all: readonly Manifest[]): void {
  const others = targetGroupARN === undefined ? [] : all.filter(other => other !== manifest && specOf(other).targetGroupARN === targetGroupARN);
  if (others.length > 0 && (multiClusterTargetGroup !== true || others.some(other => specOf(other).multiClusterTargetGroup !== true))) {
    const names = others.map(qualifiedNameOf).sort().join(', ');
    throw new Refusal(manifest, '/spec/targetGroupARN', `is bound by ${names}, too: all bindings of a target group need multiClusterTargetGroup: true`);
  }
}
