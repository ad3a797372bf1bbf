// Annotations of an Ingress that the AWS Load Balancer Controller does not read, although they look as if it did.
import { ALB_PREFIX, ALB_TABLE } from '../base/alb-annotations/annotations';
import { NLB_PREFIX } from '../base/nlb-annotations/annotations';
import { similarTo } from '../base/spelling';
import { annotationsOf } from '../manifests/manifest';
import { hasPlaceholder } from '../manifests/placeholder';
import type { Settings } from './settings';

/** An annotation without effect, and what the controller or the gateway has instead. */
export interface ForeignAnnotation {
  readonly key: string;
  /** What it is, in words. */
  readonly text: string;
  readonly instead: string;
}

const NGINX_PREFIX = 'nginx.ingress.kubernetes.io/';

/** What decides about access or routing in ingress-nginx (controller 1.14, docs/user-guide/nginx-configuration/annotations.md), and its counterpart. */
const OF_NGINX: readonly (readonly [name: RegExp, counterpart: string])[] = [
  [/^(whitelist|allowlist)-source-range$/, 'inbound-cidrs'],
  [/^denylist-source-range$/, 'an AuthorizationPolicy'],
  [/^auth-(url|signin|type|secret)$/, 'auth-type'],
  [/^auth-tls-(secret|verify-client)$/, 'mutual-authentication'],
  [/^(force-)?ssl-redirect$/, 'ssl-redirect'],
  [/^(rewrite-target|app-root|use-regex|upstream-vhost|(permanent|temporal)-redirect)$/, 'a VirtualService'],
  [/^canary(-.+)?$/, 'a VirtualService'],
  [/^limit-(rps|rpm|connections)$/, 'a rate limit of AWS WAF or Envoy'],
  [/^enable-cors$/, 'a VirtualService'],
  [/^backend-protocol$/, 'backend-protocol'],
  [/^ssl-passthrough$/, 'a Network Load Balancer'],
];

/** Values that ask for nothing. */
const OFF = /^(false|off|none|http|)$/i;

const PREFIX = ALB_PREFIX.slice(0, -1);

/** The annotations of an Ingress that no controller of its class reads. One whose counterpart the Ingress has is for a second Ingress controller. */
export function foreignAnnotations(settings: Settings): ForeignAnnotation[] {
  const annotations = annotationsOf(settings.manifest);
  const keys = annotations.map(([key]) => key);
  return annotations.flatMap(([key, value]): ForeignAnnotation[] => {
    const name = key.slice(key.indexOf('/') + 1);
    const meant = key.startsWith(ALB_PREFIX) ? undefined : nearMiss(key);
    if (key.startsWith(`${NLB_PREFIX}aws-load-balancer-`)) {
      return [{ key, text: 'is an annotation for the load balancer of a Service', instead: 'the annotations of the Ingress' }];
    }
    if (key.startsWith(NGINX_PREFIX)) {
      const [, instead] = OFF.test(String(value)) || hasPlaceholder(value) ? [] : OF_NGINX.find(([pattern]) => pattern.test(name)) ?? [];
      return instead === undefined || keys.includes(ALB_PREFIX + instead) ? [] : [{ key, text: 'is an annotation of ingress-nginx', instead }];
    }
    return meant === undefined ? [] : [{ key, text: 'does not have the prefix of the controller', instead: meant }];
  });
}

/** The key that one with a mistake in the prefix means, if what follows is a key of the controller. */
function nearMiss(key: string): string | undefined {
  const end = key.startsWith(`${PREFIX}.`) ? PREFIX.length : key.indexOf('/');
  const [prefix, meant] = [key.slice(0, Math.max(end, 0)), ALB_PREFIX + key.slice(end + 1)];
  const isMeant = prefix.startsWith('alb.') || similarTo(prefix, [PREFIX], 2) !== undefined;
  return isMeant && ALB_TABLE.find(meant) !== undefined ? meant : undefined;
}
