// Fault injection.
import { Duration } from 'cdk8s';
import { FaultAbort, type FaultInjection, GrpcStatus, renderFault } from '../../../src/edge/routing/fault';
import { propsOf, requireProps } from '../../../src/base/prop-types';
import { refusal } from '../../refusal';

const FAULT_INJECTION = propsOf<FaultInjection>('FaultInjection');

test('requests are delayed, fail, or both', () => {
  expect(renderFault({ delay: { duration: Duration.millis(1500), percentage: 0.1 } })).toEqual({ delay: { fixedDelay: '1500ms', percentage: { value: 0.1 } } });
  expect(renderFault({ abort: FaultAbort.http(503, 100) })).toEqual({ abort: { httpStatus: 503, percentage: { value: 100 } } });
  expect(renderFault({ delay: { duration: Duration.seconds(5), percentage: 0 }, abort: FaultAbort.grpc(GrpcStatus.UNAVAILABLE, 0.0001) })).toEqual({
    delay: { fixedDelay: '5s', percentage: { value: 0 } }, abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 0.0001 } },
  });
});

test('the gRPC statuses are those that Istio accepts', () => {
  expect(Object.values(GrpcStatus)).toHaveLength(17);
  expect(Object.entries(GrpcStatus).every(([name, value]) => name === value)).toBe(true);
});

const delay = (percentage: unknown, duration: unknown = Duration.seconds(1)) => () => renderFault({ delay: { duration, percentage } as FaultInjection['delay'] });

test.each<[string, () => unknown, string, unknown]>([
  ['no fault', () => renderFault({}), 'fault', {}],
  ['a delay without a percentage', delay(undefined), 'fault.delay.percentage', undefined],
  ['a percentage below the resolution of Envoy', delay(0.00001), 'fault.delay.percentage', 0.00001],
  ['a percentage above 100', delay(100.1), 'fault.delay.percentage', 100.1],
  ['a negative percentage', delay(-1), 'fault.delay.percentage', -1],
  ['a percentage that is NaN', delay(NaN), 'fault.delay.percentage', NaN],
  ['a percentage as a string', delay('50'), 'fault.delay.percentage', '50'],
  ['a zero delay', delay(1, Duration.seconds(0)), 'fault.delay.duration', '0 ms'],
  ['a delay of half a millisecond', delay(1, Duration.millis(0.5)), 'fault.delay.duration', '0.5 ms'],
  ['a delay as a number', delay(1, 5), 'fault.delay.duration', 5],
  ['an abort without a percentage', () => FaultAbort.http(503, undefined as never), 'percentage', undefined],
  ['a status below 200', () => FaultAbort.http(199, 1), 'status', 199],
  ['a status above 599', () => FaultAbort.http(600, 1), 'status', 600],
  ['an unknown gRPC status', () => FaultAbort.grpc('14' as never, 1), 'status', '14'],
  ['an abort as a plain object', () => requireProps(FAULT_INJECTION, { abort: { httpStatus: 503 } }), 'abort', { httpStatus: 503 }],
  ['a number instead of a FaultDelay', () => requireProps(FAULT_INJECTION, { delay: 5 }), 'delay', 5],
  ['a delay without a duration', () => requireProps(FAULT_INJECTION, { delay: { percentage: 5 } }), 'delay.duration', undefined],
])('%s is refused', (_, call, prop, value) => {
  expect(refusal(call)).toMatchObject({ prop, value });
});
