// What an ALB changes of a request: the location of a redirect, and transforms of what the target sees.
import { withoutPort } from '../../mesh/route/virtual-hosts';
import { replaceFirst } from '../../base/re2';
import type { RedirectConfig, Rewrites, RuleTransform } from '../../plan/load-balancer';
import { type ClientRequest, authorityOf } from '../client-request';
import { splitTarget } from '../path';

/**
 * The location of a redirect, with `#{host}`, `#{port}`, `#{path}`, `#{protocol}` and `#{query}` of the request. A port that the protocol implies
 * is left out (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html).
 */
export function locationOf(config: RedirectConfig, request: ClientRequest): string {
  const [path, query] = splitTarget(request.target);
  const own: Readonly<Record<string, string>> = {
    protocol: request.scheme.toUpperCase(), host: withoutPort(authorityOf(request)), port: String(request.port),
    path: path.slice(1), query: query.slice(1),
  };
  const filled = (text: string | undefined, fallback: string) => (text ?? fallback).replace(/#\{(protocol|host|port|path|query)\}/g, (_, name: string) => own[name]);
  const scheme = filled(config.protocol, '#{protocol}').toLowerCase();
  const port = filled(config.port, '#{port}');
  const isImplied = (scheme === 'https' && port === '443') || (scheme === 'http' && port === '80');
  const asked = filled(config.query, '#{query}');
  return `${scheme}://${filled(config.host, '#{host}')}${isImplied ? '' : `:${port}`}${filled(config.path, '/#{path}')}${asked === '' ? '' : `?${asked}`}`;
}

/** What the target sees instead. */
export interface Rewritten {
  readonly target: string;
  readonly authority: string;
}

/**
 * Applies transforms. The URL that is rewritten includes the query (AWS Load Balancer Controller 3.5.0
 * pkg/gateway/routeutils/route_rule_transform.go:13).
 */
export function rewritten(transforms: readonly RuleTransform[] = [], target: string, authority: string): Rewritten {
  return transforms.length === 0 ? { target, authority } : transformed(transforms, target, authority);
}

function transformed(transforms: readonly RuleTransform[], target: string, authority: string): Rewritten {
  const rewrites = (type: RuleTransform['type']) => transforms.filter(own => own.type === type)
    .flatMap(({ urlRewriteConfig, hostHeaderRewriteConfig }) => (urlRewriteConfig ?? hostHeaderRewriteConfig)?.rewrites ?? []);
  return { target: rewrites('url-rewrite').reduce(rewrite, target), authority: rewrites('host-header-rewrite').reduce(rewrite, authority) };
}

function rewrite(text: string, { regex, replace }: Rewrites['rewrites'][number]): string {
  try {
    return replaceFirst(regex, text, replace);
  } catch {
    // AWS refuses an expression that does not compile.
    return text;
  }
}
