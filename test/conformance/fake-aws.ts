// The AWS that the verdicts were recorded with: three subnets of each role, one certificate for each host, and everything that is asked for
// by a name without "missing" in it.
import type { AwsAnswer, AwsAnswers } from '../../src/plan/aws-answers';

const ACCOUNT = 'us-east-1:123456789012';
export const VPC = 'vpc-0123456789abcdef0';
const ZONES = ['a', 'b', 'c'];

/** @param hosts those that have a certificate: all that the input names */
export function fakeAws(hosts: readonly string[]): AwsAnswers {
  return question => {
    switch (question.ask) {
      case 'subnets by discovery': return ZONES.map(zone => `subnet-${question.scheme === 'internet-facing' ? 'public' : 'private'}-${zone}`);
      case 'subnets by tags': return Object.values(question.tags).flat().some(value => value.includes('missing'))
        ? { refused: 'no subnet has these tags' } : ZONES.map(zone => `subnet-tagged-${zone}`);
      case 'subnets by id or name': return subnets(question.values, question.type);
      // Ids first, then each name once (pkg/networking/security_group_resolver.go).
      case 'security groups by id or name': return named(
        [...question.values.filter(isGroupId), ...new Set(question.values.filter(value => !isGroupId(value)))], value => (
        isGroupId(value) ? value : `sg-named-${value}`));
      case 'CIDR blocks of subnets': return zonesOf(question.values)
        .map(zone => zone.charCodeAt(0) - 97).map(zone => (question.isIpv6 ? `2600:1f13:837:850${zone}::/64` : `192.168.${zone}.0/24`));
      case 'CIDR blocks of the VPC': return [question.isIpv6 ? '2600:1f13:837:8500::/56' : '192.168.0.0/16'];
      case 'target group by ARN': return named([question.arn], arn => arn, ([arn]) => [arn.includes('instance') ? 'instance' : 'ip', 'ipv4', VPC, 'HTTP']);
      case 'certificates for a host': return certificates(question.host, hosts);
      case 'trust store by name': return named([question.name], name => `arn:aws:elasticloadbalancing:${ACCOUNT}:truststore/${name}/0123456789abcdef`);
      case 'target group by name': return named([question.name], name => `arn:aws:elasticloadbalancing:${ACCOUNT}:targetgroup/${name}/0123456789abcdef`);
      default: return named([question.name], name => `arn:aws:wafv2:${ACCOUNT}:regional/webacl/${name}/00000000-0000-0000-0000-000000000000`);
    }
  };
}

function isGroupId(value: string): boolean {
  return value.startsWith('sg-');
}

function named(values: readonly string[], idOf: (value: string) => string, answer: (ids: readonly string[]) => readonly string[] = ids => ids): AwsAnswer {
  const missing = values.find(value => value.includes('missing'));
  return missing === undefined ? answer(values.map(idOf)) : { refused: `AWS has no ${missing}` };
}

/** In the order of the subnets, unless their names tell. */
function zonesOf(values: readonly string[]): string[] {
  return values.map((value, index) => /-az-([a-z])$/.exec(value)?.[1] ?? String.fromCharCode(97 + index));
}

function subnets(values: readonly string[], type: 'application' | 'network'): AwsAnswer {
  const missing = values.find(value => value.includes('missing'));
  const zones = zonesOf(values);
  if (missing !== undefined || new Set(zones).size < zones.length || values.length < (type === 'application' ? 2 : 1)) {
    return { refused: missing === undefined ? 'the load balancer needs more subnets, in different zones' : `AWS has no subnet ${missing}` };
  }
  const idOf = (value: string) => (value.startsWith('subnet-') ? value : `subnet-named-${value}`);
  return values.map(idOf);
}

/** A wildcard certificate is for hosts with one more label. */
function certificates(host: string, hosts: readonly string[]): readonly string[] {
  const matching = hosts.filter(name => !/(^|\.)nocert\.example$/.test(name)
    && (name === host || (name.startsWith('*.') && name.slice(1) === host.slice(host.indexOf('.')) && host.indexOf('.') > 0)));
  return [...new Set(matching)].map(name => `arn:aws:acm:${ACCOUNT}:certificate/${name.replaceAll('*', 'wildcard')}`).sort();
}
