// Which annotations of Ingresses and Services EKS Auto Mode ignores. AWS runs it without published source or version; facts are from the EKS user
// guide (pages auto-configure-alb and auto-configure-nlb, 2024-12 to 2025-08) and from issues, which the tables name.
import { ALB_PREFIX, ALB_TABLE } from '../alb-annotations/annotations';
import { NLB_TABLE } from './annotations';

const NO_WAF_CLASSIC = 'it has no WAF Classic: use wafv2-acl-arn';

/** Keys that no table has. */
const BESIDE_TABLES: { readonly [key: string]: string } = { [`${ALB_PREFIX}waf-acl-id`]: NO_WAF_CLASSIC, [`${ALB_PREFIX}web-acl-id`]: NO_WAF_CLASSIC };

/** Why EKS Auto Mode ignores an annotation of an Ingress or a Service; absent if it reads it, as far as anybody knows. All are ignored silently. */
export function whyAutoModeIgnores(key: string, value: string): string | undefined {
  const table = [ALB_TABLE, NLB_TABLE].find(({ prefix }) => key.startsWith(prefix));
  const ignored = table?.find(key)?.row.ignoredByAutoMode;
  return ignored === undefined ? BESIDE_TABLES[key] : ignored.value === undefined || ignored.value === value ? ignored.why : undefined;
}

/** Whether EKS Auto Mode reads an annotation. */
export function isReadByAutoMode(key: string, value: string): boolean {
  return whyAutoModeIgnores(key, value) === undefined;
}
