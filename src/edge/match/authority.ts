// The authority of a request: the host that a client asks for, with its port where the client writes one.
import { InvalidProps } from '../../base/errors';
import { isHost } from '../../base/host';
import { exactText, prefixText, regexText, type TextMatch } from './text-match';

/**
 * A condition on the authority of a request, for what the hosts of a route cannot say. A port belongs to the authority, wherever the
 * client writes one: `shop.example.com:8443`.
 */
export class AuthorityMatch {
  /** This authority. */
  public static exact(value: string): AuthorityMatch {
    return new AuthorityMatch(exactText(value));
  }

  /** An authority that starts with this text: with `shop.example.com:`, that host with any port that is written out. */
  public static prefix(value: string): AuthorityMatch {
    return new AuthorityMatch(prefixText(value));
  }

  /** An authority that matches as a whole. @param regex in RE2 syntax, at most 1024 bytes */
  public static regex(regex: string): AuthorityMatch {
    return new AuthorityMatch(regexText(regex));
  }

  private constructor(private readonly text: TextMatch) {}

  /** @internal */
  public _render(): TextMatch {
    return this.text;
  }
}

/** Returns the authority, or throws when it is not one host, perhaps with a port. */
export function requireAuthority(prop: string, authority: string): string {
  const [, host, port] = /^(.*?)(?::(\d{1,5}))?$/s.exec(String(authority))!;
  if (typeof authority !== 'string' || host.startsWith('*') || !isHost(host) || (port !== undefined && (Number(port) < 1 || Number(port) > 65535))) {
    throw InvalidProps.value(prop, authority, 'must be a lower case host name, perhaps with a port: shop.example.com:8443');
  }
  return authority;
}
