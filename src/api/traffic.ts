// Traffic policies: how clients connect to a workload, balance load, eject endpoints and use TLS, and how many requests a pod accepts.
export { LocalRateLimit, type LocalRateLimitProps } from '../edge/rate-limit/local-rate-limit';
export { type ClientAddressOptions, RateLimitKey } from '../edge/rate-limit/rate-limit-key';
export { type ClientPolicy } from '../edge/traffic-policy/client-policy';
export { ClientTls, type MutualTlsOptions, type ServerNameOptions, type SimpleTlsOptions } from '../edge/traffic-policy/client-tls';
export {
  type ConnectionPool, H2UpgradePolicy, type HttpConnectionPool, type TcpConnectionPool, type TcpKeepalive,
} from '../edge/traffic-policy/connection-pool';
export { HashTable } from '../edge/traffic-policy/hash-table';
export {
  type ConsistentHashOptions, type CookieAttribute, type CookieHashOptions, LoadBalancing, type LocalityOptions, type Warmup,
  type WarmupOptions,
} from '../edge/traffic-policy/load-balancing';
export { Locality, type LocalityShare, type RegionFailover } from '../edge/traffic-policy/locality';
export { type OutlierDetection } from '../edge/traffic-policy/outlier-detection';
export { type RetryBudget } from '../edge/traffic-policy/retry-budget';
export { type SubsetsProps, type VersionOptions } from '../edge/traffic-policy/subsets';
export { type PortTrafficPolicy, ProxyProtocolVersion, type TrafficPolicy, type TrafficSettings } from '../edge/traffic-policy/traffic-policy';
export { type Tunnel, TunnelProtocol } from '../edge/traffic-policy/tunnel';
