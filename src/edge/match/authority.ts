// Conditions on the authority of a request: the host in its URL, with the port if the URL has one.
import { InvalidProps } from '../../base/errors';
import { isHost } from '../../base/host';
import { exactString, prefixString, regexString, type StringMatch } from './string-match';

/**
 * A condition on the authority of a request, for what the hosts of a route cannot express. If the client sends a port, it is part of the
 * authority: `shop.example.com:8443`.
 */
export class AuthorityMatch {
  /** The authority is this value. */
  public static exact(value: string): AuthorityMatch {
    return new AuthorityMatch(exactString(value));
  }

  /** The authority starts with this string: `shop.example.com:` matches that host with any explicit port. */
  public static prefix(value: string): AuthorityMatch {
    return new AuthorityMatch(prefixString(value));
  }

  /** The whole authority matches a regular expression. @param regex in RE2 syntax, at most 1024 bytes */
  public static regex(regex: string): AuthorityMatch {
    return new AuthorityMatch(regexString(regex));
  }

  private constructor(private readonly match: StringMatch) {}

  /** @internal */
  public _render(): StringMatch {
    return this.match;
  }
}

/** Returns the authority. @throws InvalidProps if it is not a host with an optional port */
export function requireAuthority(prop: string, authority: string): string {
  const [, host, port] = /^(.*?)(?::(\d{1,5}))?$/s.exec(String(authority))!;
  if (typeof authority !== 'string' || host.startsWith('*') || !isHost(host) || (port !== undefined && (Number(port) < 1 || Number(port) > 65535))) {
    throw InvalidProps.value(prop, authority, 'must be a host name in lower case with an optional port, such as shop.example.com:8443');
  }
  return authority;
}
