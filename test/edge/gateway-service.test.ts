// How the gateway's Service can be reached.
import { TargetType } from '../../src/base/alb-words';
import { ServiceExposure } from '../../src/edge/gateway-service';
import { refusal } from '../refusal';

const SELECTOR = { app: 'door' };

function plain(exposure: ServiceExposure): unknown {
  return JSON.parse(JSON.stringify(exposure._render(SELECTOR)));
}

test('a cluster IP opens nothing outside, and leads to pods', () => {
  const exposure = ServiceExposure.clusterIp();
  expect(exposure.targetTypes).toEqual([TargetType.IP]);
  expect(plain(exposure)).toMatchObject({ type: 'ClusterIP', selector: SELECTOR });
  expect(exposure._render(SELECTOR).ports!.map(({ name, port, targetPort, nodePort, protocol }) => [name, port, targetPort?.value, nodePort, protocol])).toEqual([
    ['status-port', 15021, 15021, undefined, 'TCP'],
    ['http2', 80, 80, undefined, 'TCP'],
    ['https', 443, 443, undefined, 'TCP'],
  ]);
});

test('node ports are fixed, and lead to nodes', () => {
  const exposure = ServiceExposure.nodePort({ status: 30621, http: 31565, https: 31804 });
  expect(exposure.targetTypes).toEqual([TargetType.INSTANCE, TargetType.IP]);
  expect(plain(exposure)).toMatchObject({ type: 'NodePort', ports: [{ nodePort: 30621 }, { nodePort: 31565 }, { nodePort: 31804 }] });
});

test('the bounds of node ports are included', () => {
  expect(() => ServiceExposure.nodePort({ status: 30000, http: 30001, https: 32767 })).not.toThrow();
});

test.each([
  [{ status: 29999, http: 30001, https: 30002 }, 'status', 29999],
  [{ status: 30000, http: 32768, https: 30002 }, 'http', 32768],
  [{ status: 30000, http: 30001, https: 443 }, 'https', 443],
  [{ status: 30000, http: 30000.5, https: 30002 }, 'http', 30000.5],
  [{ status: 30000, http: 30001, https: 30000 }, 'https', 30000],
])('node ports %j are refused because of %s', (ports, prop, value) => {
  expect(refusal(() => ServiceExposure.nodePort(ports))).toMatchObject({ prop, value });
});
