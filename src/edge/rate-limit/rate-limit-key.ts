// What separates the token buckets of a rate limit: the client's address, the value of a header, or the host.
import { InvalidProps } from '../../base/errors';
import { requireInteger } from '../../base/number';
import { requireProps } from '../../base/prop-types';
import { requireHeaderName } from '../match/header-match';
import { AttributeSource } from '../security/condition';

/** Which addresses count as one client. */
export interface ClientAddressOptions {
  /**
   * Number of leading bits that IPv6 addresses of one client share, 1 to 128. A client usually has a whole /64 and can use each of its addresses.
   *
   * @default 64
   */
  readonly ipv6PrefixLength?: number;
}

/** What a key reads from a request: an action of Envoy, and the key of the descriptor entry that the action writes. */
interface KeyFields {
  readonly action: object;
  readonly entry: string;
  /** The header that a request may lack. */
  readonly header?: string;
  /** The source that not every proxy sees. */
  readonly source?: AttributeSource;
}

/** What separates the token buckets of a rate limit: each value has a bucket of its own. */
export class RateLimitKey {
  /**
   * The address of the client. Only at a gateway that sees it: in X-Forwarded-For, behind as many proxies as the gateway trusts, or on the
   * connection, behind a Network Load Balancer that preserves it. Clients behind one NAT or corporate proxy share an address.
   */
  public static clientAddress(options: ClientAddressOptions = {}): RateLimitKey {
    const { ipv6PrefixLength = 64 } = requireProps('ClientAddressOptions', options, '', 'options');
    const masks = { v4_prefix_mask_len: 32, v6_prefix_mask_len: requireInteger('ipv6PrefixLength', ipv6PrefixLength, 1, 128) };
    return new RateLimitKey({ action: { masked_remote_address: masks }, entry: 'masked_remote_address', source: AttributeSource.CLIENT_ADDRESS });
  }

  /**
   * The value of a header. Requests without the header share a bucket.
   *
   * This separates clients that identify themselves, such as tenants with an API key that something verifies. It does not stop a client that
   * invents values, because each new value has a full bucket.
   *
   * @param name name of the header, in lower case
   */
  public static header(name: string): RateLimitKey {
    if (requireHeaderName('name', name) !== name.toLowerCase()) {
      throw InvalidProps.value('name', name, 'must be in lower case');
    }
    return new RateLimitKey({ action: { request_headers: { header_name: name, descriptor_key: 'header' } }, entry: 'header', header: name });
  }

  /** The host of the request, as the client sends it: a host with a port has another bucket than the same host without one. */
  public static host(): RateLimitKey {
    return new RateLimitKey({ action: { request_headers: { header_name: ':authority', descriptor_key: 'host' } }, entry: 'host' });
  }

  private constructor(private readonly fields: KeyFields) {}

  /** @internal */
  public _render(): KeyFields {
    return this.fields;
  }
}
