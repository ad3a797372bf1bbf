// RequestAuthentications: which tokens a proxy validates (Istio 1.30, pilot/pkg/security/authn/policy_applier.go:77-331).
import { kept } from '../../base/once';
import { Kind } from '../../manifests/kind';
import { asList, asObject, asText, asTexts } from '../../manifests/plain-json';
import { Config, Configs, Place } from '../objects/config';
import { MeshSettings } from '../objects/settings';
import { Policies, Selected } from './policies';

/** One entry of `jwtRules`. */
export interface JwtRule extends Place {
  /** Empty: any. */
  readonly issuer: string;
  /** Empty: any. */
  readonly audiences: readonly string[];
  /** Headers in which tokens are searched, in lowercase, with the text in front of the token. */
  readonly headers: readonly (readonly [name: string, prefix: string])[];
  readonly params: readonly string[];
  readonly cookies: readonly string[];
  /** Headers, in lowercase, that get a claim of the token, by its path. */
  readonly claimHeaders: readonly (readonly [name: string, path: readonly string[]])[];
  /** The header, in lowercase, that gets the payload of the token. */
  readonly payloadHeader?: string;
  /** Claims that are lists separated by spaces. */
  readonly lists: readonly string[];
  /** Whether the token stays in the request. */
  readonly forwardsToken: boolean;
}

/** A policy. */
export interface RequestAuthentication {
  readonly config: Config;
  readonly rules: readonly JwtRule[];
}

/** All RequestAuthentications. */
export class RequestAuthentications {
  public readonly all: readonly RequestAuthentication[];
  private readonly policies: Policies<RequestAuthentication>;
  private readonly rules = new Map<Selected, readonly JwtRule[]>();

  public constructor(configs: Configs, settings: MeshSettings) {
    this.all = configs.of(Kind.REQUEST_AUTHENTICATION).map(config => ({ config, rules: readRules(config) }));
    this.policies = new Policies(this.all, settings.rootNamespace);
  }

  /** The rules of all policies that select the workload. */
  public rulesOf(workload: Selected): readonly JwtRule[] {
    return this.rules.get(workload) ?? kept(this.rules, workload, this.policies.of(workload).flatMap(({ rules }) => rules));
  }
}

/** Any place of its own replaces the default ones: the bearer token, and the parameter `access_token`. */
function readRules({ manifest, spec }: Config): JwtRule[] {
  return asList(spec.jwtRules).map(asObject).map((rule, index) => {
    const headers = asList(rule.fromHeaders).map(asObject).map(({ name, prefix }) => [(asText(name) ?? '').toLowerCase(), asText(prefix) ?? ''] as const);
    const [params, cookies] = [asTexts(rule.fromParams), asTexts(rule.fromCookies)];
    const isDefault = headers.length + params.length + cookies.length === 0;
    return {
      manifest,
      pointer: `/spec/jwtRules/${index}`,
      issuer: asText(rule.issuer) ?? '',
      audiences: asTexts(rule.audiences),
      headers: isDefault ? [['authorization', 'Bearer '] as const] : headers,
      params: isDefault ? ['access_token'] : params,
      cookies,
      claimHeaders: asList(rule.outputClaimToHeaders).map(asObject)
        .map(({ header, claim }) => [(asText(header) ?? '').toLowerCase(), (asText(claim) ?? '').split('.')] as const),
      ...asText(rule.outputPayloadToHeader) ? { payloadHeader: asText(rule.outputPayloadToHeader)!.toLowerCase() } : {},
      lists: ['scope', 'permission', ...asTexts(rule.spaceDelimitedClaims)],
      forwardsToken: rule.forwardOriginalToken === true,
    };
  });
}
