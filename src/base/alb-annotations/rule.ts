// Annotation table rows for listener rules: actions, conditions and transforms, by the name of a backend.
import type { Rows } from './annotation';
import { boolean } from './codecs';
import { aBoolean, aList, aNumber, anObject, aText, aWord, always, json, refined, type Shape } from './shapes';
import { TARGET_GROUP_ARN } from '../aws-ids';
import { AWS_CIDR } from '../ip';
import { InvalidProps } from '../errors';
import { PORT_NUMBER } from '../number';

/** A target group with its weight: created by the controller for a Service, or an existing one. */
export interface TargetGroupTuple {
  readonly serviceName?: string;
  readonly servicePort?: string | number;
  readonly targetGroupARN?: string;
  readonly targetGroupName?: string;
  readonly weight?: number;
}

/** An action of a listener rule, as the controller decodes it. */
export interface ActionSettings {
  readonly type: 'forward' | 'redirect' | 'fixed-response';
  readonly forwardConfig?: {
    readonly targetGroups?: readonly TargetGroupTuple[];
    readonly targetGroupStickinessConfig?: { readonly enabled?: boolean; readonly durationSeconds?: number };
  };
  readonly redirectConfig?: {
    readonly host?: string;
    readonly path?: string;
    readonly port?: string;
    readonly protocol?: string;
    readonly query?: string;
    readonly statusCode: string;
  };
  readonly fixedResponseConfig?: { readonly contentType?: string; readonly messageBody?: string; readonly statusCode: string };
  /** Short form of a forward to one existing target group. */
  readonly targetGroupARN?: string;
  /** Short form of a forward to one existing target group. */
  readonly targetGroupName?: string;
}

/** Plain values, or regular expressions. */
export interface Patterns {
  readonly values?: readonly string[];
  readonly regexValues?: readonly string[];
}

/** A condition of a listener rule. */
export interface RuleCondition {
  readonly field: 'host-header' | 'path-pattern' | 'http-header' | 'http-request-method' | 'query-string' | 'source-ip';
  readonly hostHeaderConfig?: Patterns;
  readonly pathPatternConfig?: Patterns;
  readonly httpHeaderConfig?: Patterns & { readonly httpHeaderName: string };
  readonly httpRequestMethodConfig?: { readonly values: readonly string[] };
  readonly queryStringConfig?: { readonly values: readonly { readonly key?: string; readonly value: string }[] };
  readonly sourceIPConfig?: { readonly values: readonly string[] };
}

/** Rewrites with regular expressions. */
export interface Rewrites {
  readonly rewrites: readonly { readonly regex: string; readonly replace: string }[];
}

/** A rewrite that the target sees. */
export interface RuleTransform {
  readonly type: 'url-rewrite' | 'host-header-rewrite';
  readonly urlRewriteConfig?: Rewrites;
  readonly hostHeaderRewriteConfig?: Rewrites;
}

/** Settings of listener rules, by the name of a backend. */
export interface RuleSettings {
  readonly actions?: { readonly [name: string]: ActionSettings };
  readonly conditions?: { readonly [name: string]: readonly RuleCondition[] };
  readonly transforms?: { readonly [name: string]: readonly RuleTransform[] };
  readonly useRegexPathMatch?: boolean;
}

/** Condition values that AWS allows per rule, including path and host of the Ingress rule (ELBv2 quota "condition values per rule"). */
export const MAX_CONDITION_VALUES = 5;

const upTo = (max: number, what = 'string') => aText(`a ${what} of 1 to ${max} characters`, new RegExp(`^[\\s\\S]{1,${max}}$`));
const targetGroupArn = aText('the ARN of a target group', TARGET_GROUP_ARN);
const targetGroupName = aText('the name of a target group: 1 to 32 letters, digits and hyphens', /^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/);

const servicePort: Shape<string | number> = (value, lenient) =>
  typeof value === 'number' ? aNumber(1, 65535)(value, lenient) : upTo(63, 'port name')(value, lenient);

const targetGroup = refined(anObject<TargetGroupTuple>({
  serviceName: upTo(63, 'Service name'),
  servicePort,
  targetGroupARN: targetGroupArn,
  targetGroupName,
  weight: aNumber(0, 999),
}), tuple => {
  if ((tuple.serviceName === undefined) !== (tuple.servicePort === undefined)
    || (tuple.serviceName === undefined) === (tuple.targetGroupARN === undefined && tuple.targetGroupName === undefined)) {
    throw InvalidProps.value('', tuple, 'must have serviceName with servicePort, or targetGroupARN, or targetGroupName');
  }
});

const forward = anObject<NonNullable<ActionSettings['forwardConfig']>>({
  targetGroups: refined(aList(targetGroup, 1, 5), groups => {
    groups.forEach(({ weight }, index) => {
      if (groups.length > 1 && weight === undefined) {
        throw InvalidProps.missing(`[${index}].weight`, 'if there are several target groups');
      }
    });
  }),
  targetGroupStickinessConfig: anObject({ enabled: aBoolean, durationSeconds: aNumber(1, 604800) }),
}, ['targetGroups']);

const action: Shape<ActionSettings> = (value, lenient) => {
  const { targetGroupARN, targetGroupName: name, ...read } = anObject<ActionSettings>({
    type: always(aWord('forward', 'redirect', 'fixed-response')),
    forwardConfig: forward,
    redirectConfig: anObject({
      host: upTo(128),
      path: aText('a path of at most 128 characters that starts with /', /^\/[\s\S]{0,127}$/),
      port: aText('a port from 1 to 65535, or #{port}', new RegExp(`^(${PORT_NUMBER}|#\\{port\\})$`)),
      protocol: aText('HTTPS, HTTP or #{protocol}', /^(HTTPS?|#\{protocol\})$/),
      query: aText('a query of at most 128 characters', /^[\s\S]{0,128}$/),
      statusCode: aWord('HTTP_301', 'HTTP_302'),
    }, ['statusCode']),
    fixedResponseConfig: anObject({
      contentType: aWord('text/plain', 'text/css', 'text/html', 'application/javascript', 'application/json'),
      messageBody: aText('a string of at most 1,024 characters', /^[\s\S]{0,1024}$/),
      statusCode: aText('a code from 200 to 299 or from 400 to 599', /^[245]\d\d$/),
    }, ['statusCode']),
    targetGroupARN: targetGroupArn,
    targetGroupName,
  }, ['type'])(value, lenient);
  const short = targetGroupARN !== undefined || name !== undefined;
  const config = ({ forward: 'forwardConfig', redirect: 'redirectConfig', 'fixed-response': 'fixedResponseConfig' } as const)[read.type];
  // The controller refuses both forms together when a backend uses the action (pkg/ingress/config_types.go).
  if (short && (read.type === 'forward' ? read.forwardConfig : !lenient)) {
    throw InvalidProps.value('', value, 'must have either forwardConfig, or the short form targetGroupARN or targetGroupName with type forward');
  }
  if (!lenient && !short && read[config] === undefined) {
    throw InvalidProps.missing(`.${config}`, `when type is ${read.type}`);
  }
  // Other types ignore the short form (pkg/ingress/config_types.go:182).
  return short && read.type === 'forward'
    ? { type: 'forward', forwardConfig: { targetGroups: [targetGroupARN !== undefined ? { targetGroupARN } : { targetGroupName: name }] } }
    : read;
};

const eitherValues = (value: Patterns): void => {
  if ((value.values === undefined) === (value.regexValues === undefined)) {
    throw InvalidProps.value('', value, 'must have either values or regexValues');
  }
};

const patterns = { values: aList(upTo(128), 1), regexValues: aList(upTo(128), 1) };

const conditionConfigs = {
  'host-header': 'hostHeaderConfig',
  'path-pattern': 'pathPatternConfig',
  'http-header': 'httpHeaderConfig',
  'http-request-method': 'httpRequestMethodConfig',
  'query-string': 'queryStringConfig',
  'source-ip': 'sourceIPConfig',
} as const;

const condition = refined(anObject<RuleCondition>({
  field: aWord(...Object.keys(conditionConfigs) as RuleCondition['field'][]),
  hostHeaderConfig: anObject<Patterns>(patterns),
  pathPatternConfig: anObject<Patterns>(patterns),
  httpHeaderConfig: anObject({
    httpHeaderName: aText('a header name of 1 to 40 characters other than host', /^(?![Hh][Oo][Ss][Tt]$)[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$/),
    ...patterns,
  }, ['httpHeaderName']),
  httpRequestMethodConfig: anObject({
    values: aList(aText('an uppercase method of at most 40 characters', /^[A-Z_-]{1,40}$/)),
  }, ['values']),
  queryStringConfig: anObject({ values: aList(anObject<{ key?: string; value: string }>({ key: upTo(128), value: upTo(128) }, ['value'])) }, ['values']),
  sourceIPConfig: anObject({ values: aList(aText('a CIDR block', AWS_CIDR), 1, MAX_CONDITION_VALUES) }, ['values']),
}, ['field']), read => {
  const config = read[conditionConfigs[read.field]];
  if (config === undefined) {
    throw InvalidProps.missing(`.${conditionConfigs[read.field]}`, `when field is ${read.field}`);
  }
  if (['host-header', 'path-pattern', 'http-header'].includes(read.field)) {
    eitherValues(config as Patterns);
  }
});

const rewrite = anObject<Rewrites>({
  rewrites: aList(anObject({ regex: upTo(1024), replace: aText('a string of at most 1,024 characters', /^[\s\S]{0,1024}$/) }, ['regex', 'replace'])),
}, ['rewrites']);

const transform = refined(anObject<RuleTransform>({
  type: always(aWord('url-rewrite', 'host-header-rewrite')),
  urlRewriteConfig: rewrite,
  hostHeaderRewriteConfig: rewrite,
}, ['type']), read => {
  const config = read.type === 'url-rewrite' ? 'urlRewriteConfig' : 'hostHeaderRewriteConfig';
  if (read[config] === undefined) {
    throw InvalidProps.missing(`.${config}`, `when type is ${read.type}`);
  }
});

/** Rows for listener rules. */
export const RULE_ANNOTATIONS: Rows<RuleSettings> = {
  actions: {
    key: 'actions',
    family: /^.+$/,
    codec: json('a JSON object with type and its configuration', action),
    default: 'the backend is a Service',
    on: ['Ingress'],
    merge: 'none',
    doc: 'Action of the backend that has this name and the port name `use-annotation`.',
  },
  conditions: {
    key: 'conditions',
    family: /^.+$/,
    codec: json('a JSON list of objects with field and its configuration', aList(condition)),
    default: 'only host and path of the Ingress rule',
    on: ['Ingress'],
    merge: 'none',
    doc: 'Further conditions of the rules whose backend has this name. Hosts and paths are alternatives to those of the rule.',
  },
  transforms: {
    key: 'transforms',
    family: /^.+$/,
    codec: json('a JSON list with at most one url-rewrite and one host-header-rewrite', refined(aList(transform, 1, 2), transforms => {
      if (transforms.length === 2 && transforms[0].type === transforms[1].type) {
        throw InvalidProps.duplicate('[1].type', transforms[1].type, 'in the list');
      }
    })),
    default: 'none',
    on: ['Ingress'],
    merge: 'none',
    // kubernetes-sigs/aws-load-balancer-controller#4433
    ignoredByAutoMode: { why: 'it does not rewrite requests' },
    doc: 'Rewrites of the URL or the Host header, applied after a rule with this backend has matched.',
  },
  useRegexPathMatch: {
    key: 'use-regex-path-match',
    codec: boolean(),
    default: '`false`',
    on: ['Ingress'],
    merge: 'none',
    doc: 'Whether paths of type ImplementationSpecific are regular expressions.',
  },
};
