// URLs of repositories stand in Git themselves, where everybody who reads it reads them.
import { InvalidProps } from '../../base/errors';

/** Throws for a URL with a password or a token; the error does not show it. A user alone is one in `ssh://git@…`, and a token in `https://…@…`. */
export function requireNoPassword(prop: string, url: string): void {
  const [, scheme, user, rest] = /^(\w+):\/\/([^/]*)@(.*)$/.exec(url) ?? [];
  if (user !== undefined && (scheme !== 'ssh' || user.includes(':'))) {
    throw InvalidProps.value(prop, `${scheme}://…@${rest}`, 'must be a URL without a password or token, which would stand in Git: name a Secret');
  }
}
