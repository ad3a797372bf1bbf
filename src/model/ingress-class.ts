// IngressClasses: which Ingresses the AWS Load Balancer Controller manages, and the IngressClassParams whose fields override annotations.
import { ALB_ANNOTATIONS, ALB_PREFIX, type AlbSettings } from '../base/alb-annotations/annotations';
import { groupBy } from '../base/multimap';
import { Manifest, annotationsOf, nameOf } from '../manifests/manifest';
import { PlainObject, asInteger, asList, asObject, asText, asTexts, isObject } from '../manifests/plain-json';

/** The controller's name in `IngressClass.spec.controller`. */
export const ALB_CONTROLLER = 'ingress.k8s.aws/alb';

/** The old annotation, which overrides `ingressClassName`. */
export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** The class name that the controller uses by default (`--ingress-class`). */
const ALB = 'alb';

/** Class names that contain one of these words belong to another controller, unless the input says otherwise. */
const OTHER_CONTROLLERS = new RegExp(`(^|[^a-z])(${[
  'ambassador', 'apisix', 'application-gateway', 'azure', 'caddy', 'cilium', 'contour', 'emissary', 'envoy', 'gce', 'haproxy', 'higress', 'istio', 'kong',
  'nginx', 'ngrok', 'openshift', 'pomerium', 'skipper', 'tailscale', 'traefik', 'tyk', 'voyager',
].join('|')})([^a-z]|$)`);

/** The class of an Ingress. */
export interface ClassOf {
  /** Distinguishes controllers as far as manifests allow; only Ingresses of one controller can share a group. */
  readonly controller: string;
  /** The spec of the IngressClassParams; absent if the class has none, `unknown` if the input does not contain what the class refers to. */
  readonly params?: PlainObject | 'unknown';
}

/** All classes of the input. */
export class IngressClasses {
  private readonly classes: ReadonlyMap<string, readonly Manifest[]>;
  private readonly params: ReadonlyMap<string, readonly Manifest[]>;
  private readonly defaults: readonly Manifest[];

  public constructor(classes: readonly Manifest[], params: readonly Manifest[]) {
    this.classes = groupBy(classes, nameOf);
    this.params = groupBy(params, nameOf);
    this.defaults = classes.filter(own => annotationsOf(own).some(([key, value]) => key === 'ingressclass.kubernetes.io/is-default-class' && value === 'true'));
  }

  /**
   * The class of an Ingress; absent if another controller manages the Ingress. The old annotation alone decides where it is present, and
   * has no params; else the named class decides, else the default class (AWS Load Balancer Controller 3.5.0 pkg/ingress/group_loader.go:198,
   * class_loader.go:62). Where the input lacks the class, its name or an annotation of the controller decides.
   */
  public of(ingress: Manifest): ClassOf | undefined {
    const annotations = annotationsOf(ingress);
    const isAnnotated = annotations.some(([key]) => key.startsWith(ALB_PREFIX));
    const annotation = annotations.find(([key]) => key === CLASS_ANNOTATION);
    if (annotation !== undefined) {
      return assumedClass('annotation', asText(annotation[1]), isAnnotated);
    }
    const name = asText(asObject(ingress.object.spec).ingressClassName);
    const known = name === undefined ? this.defaults : this.classes.get(name) ?? [];
    if (known.length === 0 && name === undefined) {
      return isAnnotated ? { controller: ALB_CONTROLLER } : undefined;
    }
    if (known.length === 0) {
      return assumedClass('class', name, isAnnotated);
    }
    if (known.every(own => asObject(own.object.spec).controller !== ALB_CONTROLLER)) {
      return undefined;
    }
    // Two classes with the same name come from two clusters.
    return { controller: ALB_CONTROLLER, params: known.length === 1 ? this.paramsOf(known[0]) : 'unknown' };
  }

  private paramsOf(ingressClass: Manifest): ClassOf['params'] {
    const { parameters } = asObject(ingressClass.object.spec);
    if (parameters === undefined || parameters === null) {
      return undefined;
    }
    const found = this.params.get(asText(asObject(parameters).name) ?? '') ?? [];
    return found.length === 1 ? asObject(found[0].object.spec) : 'unknown';
  }
}

/** A second controller in the cluster may have any class name, but then its Ingresses have its annotations. */
function assumedClass(source: string, name: string | undefined, isAnnotated: boolean): ClassOf | undefined {
  if (name === ALB) {
    return { controller: ALB_CONTROLLER };
  }
  return name !== undefined && isAnnotated && !OTHER_CONTROLLERS.test(name) ? { controller: `${source} ${name}` } : undefined;
}

/** The value that the class params set for a setting, in the form of the annotation; lists of pairs become maps. */
export function classValue(params: PlainObject, prop: keyof AlbSettings): unknown {
  const field = ALB_ANNOTATIONS[prop].classField;
  const found = field?.replace('[]', '').split('.').reduce<unknown>((value, step) => asObject(value)[step], params);
  switch (prop) {
    case 'securityGroupPrefixLists': return filled(found) ?? filled(params.PrefixListsIDs);
    case 'tags': case 'loadBalancerAttributes': return pairs(found);
    case 'minimumLoadBalancerCapacity': return asInteger(found) === undefined ? undefined : { CapacityUnits: String(found) };
    case 'subnets': return isObject(found) ? showSubnets(found) : undefined;
    case 'sslRedirect': return filled(found) === undefined ? undefined : Number(asText(found));
    case 'listenerAttributes': return undefined;
    default: return filled(found);
  }
}

/** The attributes that the class params set for a listener. */
export function classListenerAttributes(params: PlainObject, protocol: string, port: number): { readonly [key: string]: string } {
  const listener = asList(params.listeners).map(asObject).find(own => own.protocol === protocol && own.port === port);
  return pairs(listener?.listenerAttributes) ?? {};
}

/** The value if it is a string or a list of strings and not empty. */
function filled(value: unknown): string | readonly string[] | undefined {
  const texts = asTexts(value);
  return texts.length > 0 ? texts : asText(value) || undefined;
}

function showSubnets({ ids, tags }: PlainObject): string {
  const shown = Object.entries(asObject(tags)).map(([key, values]) => `${key}=${asTexts(values).sort().join('|')}`);
  return `of the class: ${[...asTexts(ids), ...shown].sort().join(', ')}`;
}

function pairs(value: unknown): { readonly [key: string]: string } | undefined {
  return Array.isArray(value)
    ? Object.fromEntries(value.map(asObject).map(({ key, value: own }) => [asText(key) ?? '', asText(own) ?? '']))
    : undefined;
}
