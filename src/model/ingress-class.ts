// What a class says about its Ingresses: IngressClass leads to IngressClassParams, whose fields replace annotations.
import { ALB_ANNOTATIONS, type AlbSettings } from '../base/alb-annotations/annotations';
import { Manifest, annotationsOf, nameOf } from './manifest';
import { PlainObject, asInteger, asList, asObject, asText, asTexts, isObject } from './plain-json';

/** The controller's own name in `IngressClass.spec.controller`. */
export const ALB_CONTROLLER = 'ingress.k8s.aws/alb';

/** The old annotation, which decides alone where it is present. */
export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** Who serves an Ingress, and what its class settles. */
export interface ClassOf {
  /** Tells controllers apart as far as manifests do; only Ingresses of one controller can share a group. */
  readonly controller: string;
  /** The spec of the IngressClassParams; absent when the class has none. `unknown` when the input does not hold what the class names. */
  readonly params?: PlainObject | 'unknown';
}

/** All classes of the input. */
export class IngressClasses {
  private readonly classes: ReadonlyMap<string, readonly Manifest[]>;
  private readonly params: ReadonlyMap<string, readonly Manifest[]>;
  private readonly defaults: readonly Manifest[];

  public constructor(classes: readonly Manifest[], params: readonly Manifest[]) {
    this.classes = byName(classes);
    this.params = byName(params);
    this.defaults = classes.filter(own => annotationsOf(own).some(([key, value]) => key === 'ingressclass.kubernetes.io/is-default-class' && value === 'true'));
  }

  /**
   * The class of an Ingress: the old annotation decides alone and has no params, else the named class, else the one default
   * (AWS Load Balancer Controller 3.5.0 pkg/ingress/group_loader.go:198, class_loader.go:62). Nothing for one of another controller.
   */
  public of(ingress: Manifest): ClassOf | undefined {
    const annotation = annotationsOf(ingress).find(([key]) => key === CLASS_ANNOTATION)?.[1];
    if (annotation !== undefined) {
      return { controller: annotation === 'alb' ? ALB_CONTROLLER : `annotation ${typeof annotation === 'string' ? annotation : JSON.stringify(annotation)}` };
    }
    const name = asText(asObject(ingress.object.spec).ingressClassName);
    const known = name === undefined ? this.defaults : this.classes.get(name) ?? [];
    if (known.length === 0) {
      return { controller: name === undefined || name === 'alb' ? ALB_CONTROLLER : `class ${name}` };
    }
    if (known.every(own => asObject(own.object.spec).controller !== ALB_CONTROLLER)) {
      return undefined;
    }
    // Two classes of one name come from two clusters.
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

/** The value of a setting that the class params give, in the form that the annotation has; lists of pairs become maps. */
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

/** The attributes that the class params give a listener. */
export function classListenerAttributes(params: PlainObject, protocol: string, port: number): { readonly [key: string]: string } {
  const listener = asList(params.listeners).map(asObject).find(own => own.protocol === protocol && own.port === port);
  return pairs(listener?.listenerAttributes) ?? {};
}

/** The value when it is text, or a list of texts, and not empty. */
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

function byName(manifests: readonly Manifest[]): Map<string, Manifest[]> {
  const index = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const filed = index.get(nameOf(manifest));
    if (filed) {
      filed.push(manifest);
    } else {
      index.set(nameOf(manifest), [manifest]);
    }
  }
  return index;
}
