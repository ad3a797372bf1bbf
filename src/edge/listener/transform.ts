// What the load balancer rewrites in a request that matched a listener rule, before it forwards the request.
import type { Codec } from '../../base/alb-annotations/codecs';
import { requireProps, STRING } from '../../base/prop-types';
import { type Rewrites, RULE_ANNOTATIONS, type RuleTransform } from '../../base/alb-annotations/rule';
import { boundedBy } from '../wire/bounds';

/**
 * A rewrite. It runs after the rule has matched, so it never changes which rule matches (AWS Load Balancer Controller 3.5.0,
 * pkg/ingress/model_build_listener_rules.go:413). A rule can have one of each kind.
 */
export class ListenerTransform {
  /**
   * Rewrites the path and the query.
   *
   * @param regex regular expression for the part to replace, 1 to 1,024 characters
   * @param replace the replacement, at most 1,024 characters; `$1` is the first group
   */
  public static urlRewrite(regex: string, replace: string): ListenerTransform {
    return new ListenerTransform({ type: 'url-rewrite', urlRewriteConfig: rewrite(regex, replace) }, 'urlRewriteConfig');
  }

  /**
   * Rewrites the Host header. The gateway then routes by the new host, so a VirtualService must list it.
   *
   * @param regex regular expression for the part to replace, 1 to 1,024 characters
   * @param replace the replacement, at most 1,024 characters; `$1` is the first group
   */
  public static hostHeaderRewrite(regex: string, replace: string): ListenerTransform {
    return new ListenerTransform({ type: 'host-header-rewrite', hostHeaderRewriteConfig: rewrite(regex, replace) }, 'hostHeaderRewriteConfig');
  }

  private constructor(private readonly settings: RuleTransform, config: string) {
    boundedBy(RULE_ANNOTATIONS.transforms.codec as Codec<readonly RuleTransform[]>, [settings], { [`[0].${config}.rewrites[0].`]: '' });
  }

  /** @internal */
  public _render(): RuleTransform {
    return this.settings;
  }
}

function rewrite(regex: string, replace: string): Rewrites {
  return { rewrites: [{ regex: requireProps(STRING, regex, '', 'regex'), replace: requireProps(STRING, replace, '', 'replace') }] };
}
