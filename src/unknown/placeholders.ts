// The placeholders of an input: where they are, and what they keep checks from judging.
import { ALB_PREFIX } from '../base/alb-annotations/annotations';
import { type Kind, kindOf } from '../manifests/kind';
import type { Manifest } from '../manifests/manifest';
import { placeholderIn } from '../manifests/placeholder';
import { pointer } from '../manifests/pointer';

/** A field that cannot be judged, because its value or its key has a placeholder of a template. */
export interface Unjudged {
  readonly manifest: Manifest;
  readonly pointer: string;
  /** The placeholder. */
  readonly value: string;
}

/** What a check takes into account. */
interface Dependence {
  readonly reads: readonly Kind[];
  readonly reach?: 'field' | 'object' | 'input';
}

/** A placeholder in a value or a key. */
interface Placeholder extends Unjudged {
  /** Whether nothing else depends on the value: the checks treat it as any text. */
  readonly isOpaque: boolean;
  /** Whether it decides which controller reads the object, so that nothing about it can be judged. */
  readonly isClass: boolean;
}

/** Maps and lists in which `$(name)` and `{{ }}` mean something to the cluster or to a client, or whose content no check reads. */
const CONTENT = new Set(['args', 'binaryData', 'body', 'command', 'data', 'env', 'stringData']);

/** Annotations that checks read. */
const ANNOTATION = new RegExp(`^(${ALB_PREFIX.replaceAll('.', '\\.')}|(kubernetes|service\\.beta\\.kubernetes|networking\\.istio)\\.io/|ingressclass\\.)`);

/** Annotations whose values are compared with nothing but each other: ids and names in AWS, and client ids. */
const OPAQUE_ANNOTATION = /^(auth-idp-cognito|auth-idp-oidc|certificate-arn|load-balancer-name|subnets|tags|wafv2-acl-arn|wafv2-acl-name)$/;

/** Fields of Ingresses and Services that decide which controller reads them. */
const CLASSES = new Set([
  pointer('metadata', 'annotations', 'kubernetes.io/ingress.class'), pointer('metadata', 'annotations', 'service.beta.kubernetes.io/aws-load-balancer-type'),
  '/spec/ingressClassName', '/spec/loadBalancerClass',
]);

/** The placeholders in objects that checks read. */
export class Placeholders {
  public readonly all: readonly Placeholder[];
  private readonly byManifest = new Map<Manifest, readonly Placeholder[]>();
  /** The kinds on which other objects depend. */
  private readonly kinds: ReadonlySet<Kind>;

  public constructor(manifests: readonly Manifest[]) {
    for (const manifest of manifests) {
      const own = placeholdersOf(manifest);
      if (own.length > 0) {
        this.byManifest.set(manifest, own);
      }
    }
    this.all = [...this.byManifest.values()].flat();
    this.kinds = new Set(this.all.filter(({ isOpaque }) => !isOpaque).map(({ manifest }) => kindOf(manifest)).filter(kind => kind !== undefined));
  }

  /** Whether a fault may be due to a placeholder: one in the field itself, or one that the check takes into account. */
  public mayCause({ manifest, pointer: place }: Pick<Unjudged, 'manifest' | 'pointer'>, { reads, reach = 'input' }: Dependence): boolean {
    if (this.all.length === 0) {
      return false;
    }
    const own = this.byManifest.get(manifest) ?? [];
    return own.some(placeholder => placeholder.isClass || meets(placeholder.pointer, place) || (reach !== 'field' && !placeholder.isOpaque))
      || (reach === 'input' ? this.kinds.size > 0 : reads.some(kind => this.kinds.has(kind)));
  }
}

/** Whether one of the fields is in the other. */
function meets(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

function placeholdersOf(manifest: Manifest): Placeholder[] {
  const found: Placeholder[] = [];
  collect(manifest.object, [], (path, value) => {
    const place = pointer(...path);
    found.push({ manifest, pointer: place, value, isOpaque: isOpaque(path), isClass: CLASSES.has(place) });
  });
  return found;
}

function isOpaque(path: Path): boolean {
  const last = String(path.at(-1));
  return last.startsWith(ALB_PREFIX) && OPAQUE_ANNOTATION.test(last.slice(ALB_PREFIX.length));
}

type Path = (string | number)[];

/** Visits every text, and every key with a placeholder. The path is one list that changes, because most objects have no placeholder. */
function collect(value: unknown, path: Path, found: (path: Path, placeholder: string) => void): void {
  if (typeof value === 'string') {
    const placeholder = placeholderIn(value);
    if (placeholder !== undefined) {
      found(path, placeholder);
    }
  } else if (typeof value === 'object' && value !== null && path.length < MAX_DEPTH) {
    for (const [key, inner] of Object.entries(value as Record<string, unknown>)) {
      if (isRead(path, key, inner)) {
        path.push(key);
        const placeholder = placeholderIn(key);
        if (placeholder !== undefined) {
          found(path, placeholder);
        }
        collect(inner, path, found);
        path.pop();
      }
    }
  }
}

/** Deeper than any field that is read. */
const MAX_DEPTH = 30;

function isRead(path: Path, key: string, value: unknown): boolean {
  return path[0] !== 'metadata' ? path[0] !== 'status' && path[0] !== 'sops' && key !== 'image' && (typeof value === 'string' || !CONTENT.has(key))
    : path[1] !== 'annotations' || ANNOTATION.test(key);
}
