// Routes that compare x-forwarded-for with one address.
import { isIpAddress } from '../../base/ip';
import { type Manifest, qualifiedNameOf } from '../../manifests/manifest';
import type { GatewayProxy } from '../../mesh/proxies';
import type { HttpMatch } from '../../mesh/route/http-routes';

/** The single address that a match compares the header with. */
export function forwardedForAddress({ headers, withoutHeaders }: Pick<HttpMatch, 'headers' | 'withoutHeaders'>): string | undefined {
  const [, found] = [...headers, ...withoutHeaders].find(([name, own]) => /^x-forwarded-for$/i.test(name) && own.is === 'exact' && isIpAddress(own.value)) ?? [];
  return found?.is === 'exact' ? found.value : undefined;
}

interface ForwardedForRoute {
  readonly manifest: Manifest;
  readonly pointer: string;
  readonly address: string;
}

/** The matches of a gateway that compare the header with one address, each once: it is in all virtual hosts of its VirtualService. */
export function forwardedForRoutes(gateway: GatewayProxy): ForwardedForRoute[] {
  const found = new Map<string, ForwardedForRoute>();
  for (const { manifest, pointer, match } of gateway.allRouteConfigs().flatMap(own => own.virtualHosts).flatMap(({ routes }) => routes)) {
    const address = forwardedForAddress(match);
    if (address !== undefined) {
      found.set(`${qualifiedNameOf(manifest)} ${pointer}`, { manifest, pointer, address });
    }
  }
  return [...found.values()];
}
