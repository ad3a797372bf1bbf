// IngressClasses and their params: which Ingresses the controller manages.
import { ALB_PREFIX } from '../../base/alb-annotations/annotations';
import { AlbController } from '../../base/alb-annotations/controller';
import { asList, asObject, asText, isObject, type PlainObject } from '../../manifests/plain-json';
import { Kind, kindOf } from '../../manifests/kind';
import { annotationsOf, type Manifest, nameOf, specOf } from '../../manifests/manifest';
import type { Elsewhere } from '../../unknown/elsewhere';
import type { LoadBalancer } from '../load-balancer';
import { type Refusal, Webhook } from '../refusal';
import { autoModeParams } from '../auto-mode';

/** The class that the Helm chart of the controller installs. */
export const CHART_CLASS = 'alb';

/** The label that every namespace has: its name. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** The annotation that decides alone where it is present. */
export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** Class names with one of these words belong to another controller, unless the input says otherwise. */
const OTHER_CONTROLLERS = new RegExp(`(^|[^a-z])(${[
  'ambassador', 'apisix', 'application-gateway', 'azure', 'caddy', 'cilium', 'contour', 'emissary', 'envoy', 'gce', 'haproxy', 'higress', 'istio', 'kong',
  'nginx', 'ngrok', 'openshift', 'pomerium', 'skipper', 'tailscale', 'traefik', 'tyk', 'voyager',
].join('|')})([^a-z]|$)`);

/** The chart installs a class that is not the default, and the flag `--ingress-class`, by default `alb`, leaves out Ingresses without a class. */
const NO_CLASS = 'names no IngressClass, and the input has no default one: set spec.ingressClassName to alb, or add the default IngressClass of the cluster '
  + 'to the input';

/** Annotations of other controllers: beside them, one of this controller is likely to be left over. */
const OTHER_ANNOTATION = /^(nginx\.(ingress\.kubernetes\.io|org)|haproxy(-ingress)?\.(org|github\.io)|traefik\.ingress\.kubernetes\.io|konghq\.com)\//;

/** The IngressClassParams of a class. */
export interface ClassParams {
  readonly manifest: Manifest;
  readonly spec: PlainObject;
}

/**
 * What the class of an Ingress means: `managed`, `other` for an Ingress of another controller, or `invalid` for one that the controller
 * skips because it cannot load the class, or that its webhook refuses already: it loads the class without the params. `blocksAll` if the
 * controller cannot load any group as long as the Ingress exists.
 */
export type ClassVerdict =
  | {
    readonly is: 'managed';
    readonly controller: string;
    readonly params?: ClassParams;
    /** The input does not have the class params that the class refers to, or has several. */
    readonly hasUnknownParams?: true;
    /** The input does not have the class: the controller may be another one of the same kind. */
    readonly isAssumed?: true;
    /** What the verdict takes for granted about the cluster, in words. */
    readonly assumption?: string;
  }
  /** `mayBeOurs` if a second AWS Load Balancer Controller with another `--ingress-class` may manage it. */
  | { readonly is: 'other'; readonly mayBeOurs?: string; readonly reason?: string }
  | { readonly is: 'invalid'; readonly reason: string; readonly webhook?: Webhook.INGRESS; readonly blocksAll?: true };

/** The classes, params and Namespaces of an input. */
export class IngressClasses {
  private readonly classes: ReadonlyMap<string, Manifest>;
  private readonly params: ReadonlyMap<string, Manifest>;
  /** Classes and params of one name, such as those of two clusters. */
  private readonly repeated: readonly Manifest[];
  private readonly labels: ReadonlyMap<string, PlainObject>;
  private readonly defaults: readonly Manifest[];
  /** Whether a class that is missing here is missing in the cluster, too. */
  private readonly isComplete: boolean;

  public constructor(
    classes: readonly Manifest[], params: readonly Manifest[], namespaces: readonly Manifest[],
    private readonly annotationClass: string, elsewhere: Elsewhere,
  ) {
    this.isComplete = !elsewhere.mayHave();
    this.classes = new Map(classes.map(own => [nameOf(own), own]));
    this.params = new Map(params.map(own => [paramsKey(kindOf(own), nameOf(own)), own]));
    this.repeated = [
      ...classes.filter(own => this.classes.get(nameOf(own)) !== own),
      ...params.filter(own => this.params.get(paramsKey(kindOf(own), nameOf(own))) !== own),
    ];
    this.labels = new Map(namespaces.map(own => [nameOf(own), asObject(asObject(own.object.metadata).labels)]));
    this.defaults = classes.filter(own => annotationsOf(own).some(([key, value]) => key === 'ingressclass.kubernetes.io/is-default-class' && value === 'true'));
  }

  /** Whether the cluster has no class of the name. A class `alb` that the input lacks is the one that the Helm chart installs. */
  public isMissing(name: string): boolean {
    return this.isComplete && name !== CHART_CLASS && !this.classes.has(name);
  }

  /**
   * The verdict on an Ingress (3.5.0 pkg/ingress/group_loader.go:198): the annotation decides alone, else the class that the Ingress names,
   * else the only default class. A class `alb` that the input lacks is the one that the Helm chart installs.
   */
  public of(ingress: Manifest, namespace: string): ClassVerdict {
    const annotation = annotationsOf(ingress).find(([key]) => key === CLASS_ANNOTATION);
    if (annotation) {
      const isOurs = annotation[1] === this.annotationClass || (annotation[1] === CHART_CLASS && this.annotationClass === '');
      const mayBeOurs = typeof annotation[1] === 'string' && this.isAssumed(ingress, annotation[1]) ? { mayBeOurs: annotation[1] } : {};
      return isOurs ? { is: 'managed', controller: AlbController.AWS_LOAD_BALANCER_CONTROLLER } : { is: 'other', ...mayBeOurs };
    }
    const name = asText(asObject(ingress.object.spec).ingressClassName);
    if (name === undefined) {
      return this.byDefault(ingress, namespace);
    }
    const found = this.classes.get(name);
    if (!found && name === CHART_CLASS) {
      return { is: 'managed', controller: AlbController.AWS_LOAD_BALANCER_CONTROLLER };
    }
    if (!found && this.isAssumed(ingress, name)) {
      const controller = AlbController.AWS_LOAD_BALANCER_CONTROLLER;
      const assumption = `IngressClass ${name}: the input does not have it, and the plan assumes that it exists with controller ${controller}`;
      return { is: 'managed', controller, isAssumed: true, assumption };
    }
    if (!found) {
      return this.isComplete ? { is: 'invalid', reason: `IngressClass ${name} does not exist`, webhook: Webhook.INGRESS } : { is: 'other' };
    }
    return this.ofClass(found, namespace);
  }

  /** The controller of the class of an Ingress, loaded without params as the webhook does it; absent for a class that cannot be loaded. */
  public controllerOf(ingress: Manifest, namespace: string): string | undefined {
    const verdict = this.of(ingress, namespace);
    return verdict.is === 'managed' ? verdict.controller
      : verdict.is === 'invalid' && verdict.webhook === undefined ? AlbController.AWS_LOAD_BALANCER_CONTROLLER : undefined;
  }

  /** Why an Ingress of the controller has no class in a cluster that has nothing besides the input; nothing if it has one. */
  public lackOf(ingress: Manifest, namespace: string): Pick<Refusal, 'pointer' | 'reason'> | undefined {
    const name = asText(specOf(ingress).ingressClassName);
    if (!isLikelyOurs(ingress, name ?? '') || annotationsOf(ingress).some(([key]) => key === CLASS_ANNOTATION)) {
      return undefined;
    }
    if (name !== undefined) {
      return this.isMissing(name) ? { pointer: '/spec/ingressClassName', reason: `IngressClass ${name} does not exist` } : undefined;
    }
    const verdict = this.byDefault(ingress, namespace);
    return this.isComplete && verdict.is === 'other' && verdict.reason === NO_CLASS ? { pointer: '/spec', reason: NO_CLASS } : undefined;
  }

  /** Whether an Ingress whose class the input lacks is taken for one of the controller's. */
  private isAssumed(ingress: Manifest, className: string): boolean {
    return !this.isComplete && isLikelyOurs(ingress, className);
  }

  private byDefault(ingress: Manifest, namespace: string): ClassVerdict {
    if (this.defaults.length > 1) {
      const reason = `several IngressClasses are the default: ${this.defaults.map(nameOf).sort().join(', ')}`;
      return { is: 'invalid', reason, webhook: Webhook.INGRESS, blocksAll: true };
    }
    if (this.defaults.length === 1) {
      return this.ofClass(this.defaults[0], namespace);
    }
    if (this.annotationClass === '') {
      return { is: 'managed', controller: AlbController.AWS_LOAD_BALANCER_CONTROLLER };
    }
    return isAnnotated(ingress) ? { is: 'other', reason: NO_CLASS } : { is: 'other' };
  }

  private ofClass(own: Manifest, namespace: string): ClassVerdict {
    const { controller, parameters } = asObject(own.object.spec);
    const repeated = this.isComplete ? [] : this.repeated.filter(other => kindOf(other) === Kind.INGRESS_CLASS && nameOf(other) === nameOf(own));
    if (repeated.length > 0) {
      const ours = [own, ...repeated].map(one => specOf(one).controller).find(isAlbController);
      return ours === undefined ? { is: 'other' }
        : { is: 'managed', controller: ours, hasUnknownParams: true, assumption: severalOf(`IngressClass ${nameOf(own)}`) };
    }
    if (!isAlbController(controller)) {
      return { is: 'other' };
    }
    if (!isObject(parameters)) {
      return { is: 'managed', controller };
    }
    const isAutoMode = controller === AlbController.EKS_AUTO_MODE;
    const kind = isAutoMode ? Kind.INGRESS_CLASS_PARAMS_OF_AUTO_MODE : Kind.INGRESS_CLASS_PARAMS;
    const isOurs = `${asText(parameters.kind)}.${asText(parameters.apiGroup)}` === String(kind);
    const name = asText(parameters.name) ?? '';
    const found = this.params.get(paramsKey(kind, name));
    const isUnknown = !found || this.repeated.some(other => kindOf(other) === kind && nameOf(other) === name);
    if (isOurs && isUnknown && !this.isComplete) {
      const params = `IngressClassParams ${name}`;
      return { is: 'managed', controller, hasUnknownParams: true, assumption: found ? severalOf(params) : missingParams(params) };
    }
    if (!isOurs || !found) {
      const reason = isOurs ? `IngressClassParams ${name} do not exist` : `IngressClass ${nameOf(own)} refers to parameters that are no IngressClassParams`;
      return { is: 'invalid', reason };
    }
    const spec = asObject(found.object.spec);
    const { namespaceSelector } = spec;
    if (namespaceSelector !== undefined && namespaceSelector !== null && !this.mayMatch(asObject(namespaceSelector), namespace)) {
      return { is: 'invalid', reason: `the namespaceSelector of IngressClassParams ${name} does not match namespace ${namespace}` };
    }
    return { is: 'managed', controller, params: { manifest: found, spec: isAutoMode ? autoModeParams(spec) : spec } };
  }

  /** Whether a selector matches a namespace, as far as its labels are known. The API server labels every namespace with its name. */
  private mayMatch(selector: PlainObject, namespace: string): boolean {
    const labels = { ...this.labels.get(namespace), [NAME_LABEL]: namespace };
    return selects(this.isComplete || this.labels.has(namespace) ? selector : onlyAboutName(selector), labels);
  }
}

/** Whether the input has all that decides about a load balancer. It may lack members of a group with a name, and the class. */
export function isDecided({ group, unknown }: Pick<LoadBalancer, 'group' | 'unknown'>): boolean {
  return group.includes('/') && !unknown.some(isAboutClass);
}

/** Whether something unknown is a class or its params. */
export function isAboutClass(unknown: string): boolean {
  return /^(the )?IngressClass(Params)?\b/.test(unknown);
}

function severalOf(what: string): string {
  return `${what}: the input has several, and the plan uses none of them`;
}

function missingParams(what: string): string {
  return `${what}: the input does not have them, and they replace annotations of the Ingress`;
}

function isAlbController(controller: unknown): controller is AlbController {
  return Object.values<unknown>(AlbController).includes(controller);
}

/** Params of both controllers may have the same name. */
function paramsKey(kind: Kind | undefined, name: string): string {
  return `${kind}/${name}`;
}

/** Whether an Ingress has annotations of the controller. */
function isAnnotated(ingress: Manifest): boolean {
  return annotationsOf(ingress).some(([key]) => key.startsWith(ALB_PREFIX));
}

/** Whether annotations and the name of the class say that an Ingress is for the controller. */
function isLikelyOurs(ingress: Manifest, className: string): boolean {
  return isAnnotated(ingress) && !OTHER_CONTROLLERS.test(className) && !annotationsOf(ingress).some(([key]) => OTHER_ANNOTATION.test(key));
}

function onlyAboutName({ matchLabels, matchExpressions }: PlainObject): PlainObject {
  return {
    matchLabels: Object.fromEntries(Object.entries(asObject(matchLabels)).filter(([key]) => key === NAME_LABEL)),
    matchExpressions: asList(matchExpressions).filter(own => asObject(own).key === NAME_LABEL),
  };
}

/** Whether a label selector matches labels (k8s.io/apimachinery pkg/apis/meta/v1/helpers.go). */
function selects({ matchLabels, matchExpressions }: PlainObject, labels: PlainObject): boolean {
  return Object.entries(asObject(matchLabels)).every(([key, value]) => labels[key] === value)
    && asList(matchExpressions).map(asObject).every(({ key, operator, values }) => {
      const own = labels[asText(key) ?? ''];
      switch (operator) {
        case 'In': return own !== undefined && asList(values).includes(own);
        case 'NotIn': return own === undefined || !asList(values).includes(own);
        case 'Exists': return own !== undefined;
        case 'DoesNotExist': return own === undefined;
        default: return false;
      }
    });
}

/** Pairs of key and value in the class params, as a map. */
export function classPairs(list: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(asList(list).map(asObject).map(({ key, value }) => [asText(key) ?? '', asText(value) ?? '']));
}
