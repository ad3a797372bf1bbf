// The security policies of HTTPS listeners that AWS has or had (user guide for Application Load Balancers, read in November 2026), for what is misspelt.
import { similarTo } from '../spelling';

const PREFIX = 'ELBSecurityPolicy-';

const dated = (date: string, ...names: readonly string[]) => names.map(name => `${PREFIX}${name}-${date}`);

const POLICIES: readonly string[] = [
  `${PREFIX}2015-05`, `${PREFIX}2016-08`,
  ...dated('2015-04', 'TLS-1-0'),
  ...dated('2017-01', 'TLS-1-1', 'TLS-1-2'),
  ...dated('2018-06', 'FS', 'TLS-1-2-Ext'),
  ...dated('2019-08', 'FS-1-1', 'FS-1-2', 'FS-1-2-Res'),
  ...dated('2020-10', 'FS-1-2-Res'),
  ...dated('2021-06', 'TLS13-1-0', 'TLS13-1-1', 'TLS13-1-2', 'TLS13-1-2-Ext1', 'TLS13-1-2-Ext2', 'TLS13-1-2-Res', 'TLS13-1-3'),
  ...dated('2023-04', 'TLS13-1-0-FIPS', 'TLS13-1-1-FIPS', 'TLS13-1-2-FIPS', 'TLS13-1-2-Ext0-FIPS', 'TLS13-1-2-Ext1-FIPS', 'TLS13-1-2-Ext2-FIPS',
    'TLS13-1-2-Res-FIPS', 'TLS13-1-3-FIPS'),
  ...dated('2023-07', 'TLS13-1-2-RFC9151-FIPS', 'TLS13-1-2-Ext0-RFC9151-FIPS', 'TLS13-1-3-RFC9151-FIPS',
    ...[1, 2, 3, 4].map(number => `TLS13-1-2-RFC9151-INTEROP${number}-FIPS`)),
  ...dated('2025-09', 'TLS13-1-0-PQ', 'TLS13-1-2-PQ', 'TLS13-1-2-Ext1-PQ', 'TLS13-1-2-Ext2-PQ', 'TLS13-1-2-Res-PQ', 'TLS13-1-3-PQ', 'TLS13-1-0-FIPS-PQ',
    'TLS13-1-2-FIPS-PQ', 'TLS13-1-2-Ext0-FIPS-PQ', 'TLS13-1-2-Ext1-FIPS-PQ', 'TLS13-1-2-Ext2-FIPS-PQ', 'TLS13-1-2-Res-FIPS-PQ', 'TLS13-1-3-FIPS-PQ'),
];

/** The date of the newest ones. */
const NEWEST = '2025-09';

/** The policy that a misspelt name means; nothing for one that is known, and for one that AWS may have added since. */
export function sslPolicyMeantBy(name: string): string | undefined {
  const date = /\d{4}-\d{2}$/.exec(name)?.[0] ?? '';
  return POLICIES.includes(name) || !name.startsWith(PREFIX) || date > NEWEST ? undefined : similarTo(name, POLICIES, 3);
}
