// Health checks that AWS refuses although each value is within its bounds.
import { ALB_ANNOTATIONS } from '../base/alb-annotations/annotations';
import { annotationAt } from '../manifests/pointer';
import type { Spot } from './finding';
import type { TargetGroupSettings } from './refused-values';

const TIMES = ['healthcheckIntervalSeconds', 'healthcheckTimeoutSeconds'] as const;

/** The codes that a target group may have: HTTP from 200 to 499, or gRPC from 0 to 99. */
const CODES = { http: [200, 499], grpc: [0, 99] } as const;

/** The health checks that AWS refuses. */
export function refusedHealthChecks(groups: readonly TargetGroupSettings[]): Spot[] {
  return groups.flatMap(([{ healthCheck }, settings]) => {
    const { intervalSeconds, timeoutSeconds, matcher } = healthCheck;
    const [place] = TIMES.map(prop => settings.placeOf(prop)).filter(({ pointer }) => annotationAt(pointer) !== undefined);
    const { key } = ALB_ANNOTATIONS.successCodes;
    const [codes, kind] = matcher?.grpcCode === undefined ? [matcher?.httpCode, 'http' as const] : [matcher.grpcCode, 'grpc' as const];
    return [
      ...place === undefined || intervalSeconds > timeoutSeconds ? [] : [{
        ...place,
        message: `the interval of the health check must be longer than its timeout; got ${intervalSeconds} s, and a timeout of ${timeoutSeconds} s`,
      }],
      ...areCodes(codes ?? '', kind) ? [] : [{
        ...settings.placeOf('successCodes'),
        message: `${key} must be ${kind === 'http' ? 'HTTP' : 'gRPC'} codes from ${CODES[kind].join(' to ')}; got ${JSON.stringify(codes)}`,
      }],
    ];
  });
}

function areCodes(text: string, kind: keyof typeof CODES): boolean {
  const [least, most] = CODES[kind];
  return text.replaceAll(' ', '').split(/[,-]/).every(code => /^\d+$/.test(code) && Number(code) >= least && Number(code) <= most);
}
