// Web ACLs and Shield (AWS Load Balancer Controller 3.5.0 pkg/ingress/model_build_load_balancer_addons.go).
import { type Build, classField } from './build';
import type { Member } from './groups';
import { annotationPointer } from '../settings';

/** What removes an association. */
const NONE = 'none';

/** The add-ons of a load balancer; absent ones stay as they are in AWS. */
export interface Protection {
  readonly webAcl?: string;
  readonly webAclClassic?: string;
  readonly shield?: boolean;
}

/** @throws Refusal where members disagree */
export function protectionOf(build: Build): Protection {
  const shield = build.agreed<boolean>({ prop: 'shieldAdvancedProtection' });
  const classic = build.agreed<string>({ key: 'waf-acl-id', own: ({ settings }) => ['waf-acl-id', 'web-acl-id'].map(key => settings.text(key)).find(Boolean) });
  return { webAcl: webAclOf(build), webAclClassic: classic === NONE ? '' : classic, shield };
}

/** A name of any member decides over all ARNs (:35). */
function webAclOf(build: Build): string | undefined {
  const [ofClass, own] = [(member: Member) => classField(member, 'wafv2AclName'), ({ settings }: Member) => settings.get('wafv2AclName') || undefined];
  const name = build.agreed<string>({ prop: 'wafv2AclName', ofClass, own });
  if (name === undefined) {
    // A class that is not known may set the name.
    const mayHaveName = build.group.members.some(({ hasUnknownParams }) => hasUnknownParams && build.refusals.areCollected);
    const arn = mayHaveName ? undefined : build.agreed<string>({ prop: 'wafv2AclArn', ofClass: member => classField(member, 'wafv2AclArn') });
    return arn === NONE ? '' : arn;
  }
  if (name === NONE) {
    return '';
  }
  const asker = build.group.members.find(member => (ofClass(member) ?? own(member)) === name)!;
  const found = build.ask({ ask: 'web ACL by name', name }, `the ARN of web ACL ${name}`, asker, annotationPointer('wafv2-acl-name'));
  return found?.[0] ?? name;
}
