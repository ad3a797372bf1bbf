// gRPC: which requests are gRPC, and what proxies make of their own responses to them.
import { GRPC_STATUSES } from '../base/grpc-statuses';
import { type MeshRequest, headerOf } from './request';
import { type Death, type TraceEnd, withCandidates } from './hops/trace-end';

/** Whether Envoy takes the request for gRPC, whatever its HTTP version: not gRPC-Web (Envoy 1.40, source/common/grpc/common.cc hasGrpcContentType). */
export function isGrpc(request: Pick<MeshRequest, 'headers'>): boolean {
  return /^application\/grpc(?:\+|$)/.test(headerOf(request, 'content-type') ?? '');
}

/** The ends as a client of a proxy sees them, which responds to gRPC in gRPC. */
export function endsInGrpc(request: Pick<MeshRequest, 'headers'>, ends: readonly TraceEnd[]): readonly TraceEnd[] {
  return ends.some(({ status, candidates }) => status !== undefined || candidates !== undefined) && isGrpc(request) ? ends.map(inGrpc) : ends;
}

/** Refused by the codec, before the proxy knows what the request is. */
const UNREAD: ReadonlySet<Death | undefined> = new Set<Death>(['codec-error', 'low-version']);

/**
 * The status is 200, and `grpc-status` says what the status would have been; also of a redirect, whose location nobody follows (Envoy 1.40,
 * source/common/http/utility.cc prepareLocalReply).
 */
function inGrpc(end: TraceEnd): TraceEnd {
  if (end.candidates !== undefined) {
    return withCandidates(end, end.candidates.map(inGrpc));
  }
  // Of a proxy behind this one, which has seen to it.
  const isInGrpc = end.to.startsWith('200 grpc-status');
  if (end.status === undefined || isInGrpc || UNREAD.has(end.reason)) {
    return end;
  }
  const grpcStatus = end.grpcStatus ?? STATUSES.get(end.status) ?? UNKNOWN;
  const to = `200 grpc-status ${grpcStatus}`;
  return { ...end, ...end.kind === 'refused' ? { to: end.to.replace(/^\d+/, to) } : { kind: 'response', to }, status: 200, grpcStatus };
}

const UNKNOWN = 2;

/** Envoy 1.40, source/common/grpc/status.cc httpToGrpcStatus. */
const STATUSES: ReadonlyMap<number, number> = new Map([[400, 13], [401, 16], [403, 7], [404, 12], [429, 14], [502, 14], [503, 14], [504, 14]]);

/** The number of a status by its name, as `grpcStatus` of a fault has it. */
export function grpcStatusOf(name: string): number {
  return GRPC_STATUSES.indexOf(name);
}
