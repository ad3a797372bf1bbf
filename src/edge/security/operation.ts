// Operations in authorization rules: host, port, method and path of a request.
// Facts: Istio 1.30, pilot/pkg/security/authz/matcher, pkg/config/security/security.go.
import type { AuthorizationPolicySpecRulesToOperation } from '../../../imports/istio/security.istio.io';
import { InvalidProps } from '../../base/errors';
import { requirePort } from '../../base/number';
import { instanceOf, listOf, NUMBER, requireProps } from '../../base/prop-types';
import { coversString, type ListField, misplacesStar, requireStrings, requireWildcards, settleLists, wildcardField } from './match-list';
import { requireUnique } from '../wire/bounds';

/**
 * Conditions on a request. An operation matches if all conditions match. A condition matches if any of its values does.
 *
 * Only HTTP has hosts, methods and paths. On a TCP port, an ALLOW rule with such conditions never matches, and a DENY rule drops them and
 * denies every connection. If a workload has both, add the `ports` of HTTP to the operation.
 */
export interface OperationOptions {
  /**
   * Hosts, case-insensitive, optionally with one `*` at the start or the end. A host without a port also matches with any port, because
   * clients send one for ports other than 80 and 443. That is not possible for a host that starts with `*`, so such a host is rejected
   * where a port would bypass the rule: here for DENY and CUSTOM, and in `notHosts` for ALLOW.
   *
   * @default - any
   */
  readonly hosts?: string[];

  /**
   * Excluded hosts, with and without a port.
   *
   * @default - none
   */
  readonly notHosts?: string[];

  /**
   * Ports that the pods listen on, 1 to 65535; not the ports of the Service.
   *
   * @default - any
   */
  readonly ports?: number[];

  /**
   * Excluded ports.
   *
   * @default - none
   */
  readonly notPorts?: number[];

  /**
   * HTTP methods in upper case, optionally with one `*` at the start or the end. gRPC always uses POST.
   *
   * @default - any
   */
  readonly methods?: string[];

  /**
   * Excluded methods.
   *
   * @default - none
   */
  readonly notMethods?: string[];

  /**
   * Paths, case-sensitive, without the query, before any rewrite: `/products`, `/products/*` for a prefix, `*.html` for a suffix, `*` for
   * any path. Or a template, in which `{*}` matches one segment and `{**}` any number of segments: `/shops/{*}/items/{**}`.
   *
   * @default - any
   */
  readonly paths?: string[];

  /**
   * Excluded paths.
   *
   * @default - none
   */
  readonly notPaths?: string[];
}

const HOSTS: ListField = {
  checked: (prop, values) => {
    const hosts = requireWildcards(prop, values, 'a host, optionally with a port, without scheme and path', /^[^\s/?#@]+$/);
    const withPort = hosts.filter(host => !host.includes('*') && !/:\d+$/.test(host)).map(host => `${host}:*`);
    return [...hosts, ...withPort.filter(host => !hosts.includes(host))];
  },
  covers: (pattern, host) => coversString(pattern.toLowerCase(), host.toLowerCase()),
  all: ['*'],
};

const PORTS: ListField = {
  checked: (prop, values) => {
    const ports = requireProps(listOf(NUMBER), values, '', prop);
    if (ports.length === 0) {
      throw InvalidProps.value(prop, ports, 'must contain at least one port, because an empty list never matches');
    }
    ports.forEach((port, index) => requirePort(`${prop}[${index}]`, port));
    requireUnique(prop, ports);
    return ports.map(String);
  },
  covers: coversString,
};

const PATHS: ListField = {
  checked: (prop, values) => requireStrings(prop, values).map((path, index) => {
    const expected = expectedPath(path);
    if (expected !== undefined) {
      throw InvalidProps.value(`${prop}[${index}]`, path, `must be ${expected}`);
    }
    return path;
  }),
  // Operators have no effect here: a pattern that starts or ends with * has none, and so neither does the part of a template that it covers.
  covers: coversString,
  all: ['/*'],
};

const FIELDS: { readonly [name: string]: ListField } = {
  hosts: HOSTS,
  ports: PORTS,
  methods: { ...wildcardField('an HTTP method in upper case', /^(\*?[A-Z][A-Z_-]*\*?|\*)$/), all: ['*'] },
  paths: PATHS,
};

const TEMPLATE_OPERATORS = ['{*}', '{**}'];

/** What the path must be instead, if it can never match. */
function expectedPath(path: string): string | undefined {
  if (/[\s?#\\]/.test(path)) {
    return 'a path without query, spaces and backslashes';
  }
  // Istio's normalization BASE resolves these segments before it compares paths.
  if (/\/\.\.?(\/|$)|%2e/i.test(path)) {
    return 'a path without . and .. segments, which Istio resolves before it compares paths';
  }
  if (/[{}]/.test(path)) {
    return expectedTemplate(path);
  }
  if (misplacesStar(path)) {
    return 'a path with at most one *, at the start or the end; use {*} for a segment in the middle';
  }
  return path.startsWith('/') || path.startsWith('*') ? undefined : 'a path that starts with / or *';
}

function expectedTemplate(path: string): string | undefined {
  const [root, ...segments] = path.split('/');
  const operators = segments.filter(segment => TEMPLATE_OPERATORS.includes(segment));
  const literals = segments.filter(segment => !TEMPLATE_OPERATORS.includes(segment));
  if (root !== '' || literals.some(segment => !/^[a-zA-Z0-9\-._~%!$&'()+,;:@=]+$/.test(segment))) {
    return 'a template that starts with / and whose segments are {*}, {**} or literals without *, { and }, none of them empty';
  }
  return operators.slice(0, -1).includes('{**}') ? 'a template in which {**} comes after all other operators' : undefined;
}

/** A value that one of the makers of `Operation` returns. */
export const OPERATION = instanceOf<Operation>('Operation');

/** What a request does. A rule matches if any of its operations does. */
export class Operation {
  /** Requests that match all conditions. @throws InvalidProps for a value that Istio would reject or that can never match */
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

  private readonly operation: AuthorizationPolicySpecRulesToOperation;

  private constructor(options: OperationOptions) {
    this.operation = settleLists(FIELDS, options, 'the request') as AuthorizationPolicySpecRulesToOperation;
  }

  /** Whether the operation is limited to ports of the pods. @internal */
  public get _namesPorts(): boolean {
    return (this.operation.ports ?? this.operation.notPorts) !== undefined;
  }

  /** The hosts of the conditions, by their fields. @internal */
  public get _hosts(): (readonly [field: string, host: string])[] {
    return (['hosts', 'notHosts'] as const)
      .flatMap(field => (this.operation[field] ?? []).filter(host => !host.endsWith(':*')).map(host => [field, host] as const));
  }

  /** Throws for a host that does not match requests with a port in the Host header. @internal */
  public _requireHostsOfAnyPort(field: 'hosts' | 'notHosts'): void {
    const { [field]: hosts = [] } = this.operation;
    const blind = hosts.findIndex(host => host !== '*' && host.startsWith('*'));
    if (blind >= 0) {
      throw InvalidProps.value(`${field}[${blind}]`, hosts[blind],
        'must not start with *, because a request with a port in its Host header would bypass the rule; list the hosts, or leave hosts out');
    }
  }

  /** @internal */
  public _render(): AuthorizationPolicySpecRulesToOperation {
    return this.operation;
  }
}
