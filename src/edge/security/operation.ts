// What a request asks for, as a rule sees it: host, port, method and path.
// Facts: Istio 1.30, pilot/pkg/security/authz/matcher, pkg/config/security/security.go.
import type { AuthorizationPolicySpecRulesToOperation } from '../../../imports/istio/security.istio.io';
import { InvalidProps } from '../../base/errors';
import { requirePort } from '../../base/number';
import { listOf, marked, NUMBER, requireProps } from '../../base/prop-types';
import { coversText, type ListField, requireTexts, requireWildcards, settleLists, wildcardField } from './match-list';
import { requireUnique } from '../wire/bounds';

/**
 * Conditions on what a request asks for. All that are given have to hold; of the values of one, any.
 *
 * Only HTTP has hosts, methods and paths. On a TCP port, a rule that names them never allows, and a rule that denies forgets them and
 * denies every connection: name the `ports` of HTTP beside them where a workload has both.
 */
export interface OperationOptions {
  /**
   * Hosts, in any case, perhaps with a `*` at an end. A host without port is also meant with any port, as clients write it for ports
   * other than 80 and 443; one with `*` at its beginning cannot be, so it is refused where a port would get around the rule: here with
   * DENY and CUSTOM, in `notHosts` with ALLOW.
   *
   * @default - any
   */
  readonly hosts?: string[];

  /**
   * Hosts that are not meant, with and without port likewise.
   *
   * @default - none
   */
  readonly notHosts?: string[];

  /**
   * Ports that the pods listen on, 1 to 65535; not those of the Service.
   *
   * @default - any
   */
  readonly ports?: number[];

  /**
   * Ports that are not meant.
   *
   * @default - none
   */
  readonly notPorts?: number[];

  /**
   * HTTP methods in upper case, perhaps with a `*` at an end. gRPC is always POST.
   *
   * @default - any
   */
  readonly methods?: string[];

  /**
   * Methods that are not meant.
   *
   * @default - none
   */
  readonly notMethods?: string[];

  /**
   * Paths with their case, without query, before any rewrite: `/products`, `/products/*` for all that begins so, `*.html` for all that
   * ends so, `*` for any. Or a template: `{*}` is one segment, `{**}` any number of them: `/shops/{*}/items/{**}`.
   *
   * @default - any
   */
  readonly paths?: string[];

  /**
   * Paths that are not meant.
   *
   * @default - none
   */
  readonly notPaths?: string[];
}

const HOSTS: ListField = {
  checked: (prop, values) => {
    const hosts = requireWildcards(prop, values, 'a host, perhaps with a port, without scheme and path', /^[^\s/?#@]+$/);
    const twins = hosts.filter(host => !host.includes('*') && !/:\d+$/.test(host)).map(host => `${host}:*`);
    return [...hosts, ...twins.filter(twin => !hosts.includes(twin))];
  },
  covers: (pattern, host) => coversText(pattern.toLowerCase(), host.toLowerCase()),
  all: ['*'],
};

const PORTS: ListField = {
  checked: (prop, values) => {
    const ports = requireProps(listOf(NUMBER), values, '', prop);
    if (ports.length === 0) {
      throw InvalidProps.value(prop, ports, 'must be at least one port: an empty list never matches');
    }
    ports.forEach((port, index) => requirePort(`${prop}[${index}]`, port));
    requireUnique(prop, ports);
    return ports.map(String);
  },
  covers: coversText,
};

const PATHS: ListField = {
  checked: (prop, values) => requireTexts(prop, values).map((path, index) => {
    const why = whyNeverPath(path);
    if (why !== undefined) {
      throw InvalidProps.value(`${prop}[${index}]`, path, `must be ${why}`);
    }
    return path;
  }),
  // What a template covers is more than its letters.
  covers: (pattern, path) => pattern === path || (!pattern.includes('{') && !path.includes('{') && coversText(pattern, path)),
  all: ['/*'],
};

const FIELDS: { readonly [name: string]: ListField } = {
  hosts: HOSTS,
  ports: PORTS,
  methods: { ...wildcardField('an HTTP method in upper case', /^(\*?[A-Z][A-Z_-]*\*?|\*)$/), all: ['*'] },
  paths: PATHS,
};

const TEMPLATE_OPERATORS = ['{*}', '{**}'];

function whyNeverPath(path: string): string | undefined {
  if (/[\s?#\\]/.test(path)) {
    return 'a path without query, blanks and backslashes';
  }
  // Istio's normalization BASE takes these away before it compares.
  if (/(^|\/)\.\.?(\/|$)|%2e/i.test(path)) {
    return 'a path without . and .. as segments: they are resolved before paths are compared';
  }
  if (/[{}]/.test(path)) {
    return whyNoTemplate(path);
  }
  const star = path.indexOf('*');
  if (star !== path.lastIndexOf('*') || (star > 0 && star < path.length - 1)) {
    return 'a path with one * at its beginning or its end; in the middle write {*} for a segment';
  }
  return path.startsWith('/') || path.startsWith('*') ? undefined : 'a path that begins with / or *';
}

function whyNoTemplate(path: string): string | undefined {
  const [root, ...segments] = path.split('/');
  const operators = segments.filter(segment => TEMPLATE_OPERATORS.includes(segment));
  const letters = segments.filter(segment => !TEMPLATE_OPERATORS.includes(segment));
  if (root !== '' || letters.some(segment => !/^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/.test(segment))) {
    return 'a template that begins with / and whose segments are {*}, {**} or letters, none of them empty';
  }
  return operators.slice(0, -1).includes('{**}') ? 'a template with {**} after every other {*} and {**}' : undefined;
}

/** An operation, made by one of its makers. */
export const OPERATION = marked<Operation>('Operation', "paths(['/products/*'])");

/** What a request asks for. Several operations of a rule are alternatives. */
export class Operation {
  /** Requests that all of the conditions hold for. @throws InvalidProps for a value that Istio would refuse, or that could never match */
  public static of(options: OperationOptions): Operation {
    return new Operation(options);
  }

  /** Requests to these hosts. */
  public static hosts(hosts: string[]): Operation {
    return new Operation({ hosts });
  }

  /** Connections to these ports of the pods. */
  public static ports(ports: number[]): Operation {
    return new Operation({ ports });
  }

  /** Requests with these methods. */
  public static methods(methods: string[]): Operation {
    return new Operation({ methods });
  }

  /** Requests for these paths. */
  public static paths(paths: string[]): Operation {
    return new Operation({ paths });
  }

  /** @internal */
  public readonly _class = 'Operation';
  private readonly operation: AuthorizationPolicySpecRulesToOperation;

  private constructor(options: OperationOptions) {
    this.operation = settleLists(FIELDS, options, 'the request') as AuthorizationPolicySpecRulesToOperation;
  }

  /** Whether it names ports of the pods. @internal */
  public get _namesPorts(): boolean {
    return (this.operation.ports ?? this.operation.notPorts) !== undefined;
  }

  /** Whether it asks for what only HTTP has. @internal */
  public get _isHttp(): boolean {
    return Object.keys(this.operation).some(field => !['ports', 'notPorts'].includes(field));
  }

  /** Throws for a host that a request with a port would not match. @internal */
  public _requireHostsOfAnyPort(field: 'hosts' | 'notHosts'): void {
    const { [field]: hosts = [] } = this.operation;
    const blind = hosts.findIndex(host => /^\*./.test(host));
    if (blind >= 0) {
      throw InvalidProps.value(`${field}[${blind}]`, hosts[blind],
        'must be concrete names, or no hosts at all: behind a * at the beginning, a port in the Host header gets around the rule');
    }
  }

  /** @internal */
  public _render(): AuthorizationPolicySpecRulesToOperation {
    return this.operation;
  }
}
