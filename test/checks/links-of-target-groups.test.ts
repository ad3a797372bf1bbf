// The listener behind a target group: that at the port of the pods to which the group's own Service leads.
import { linksOf } from '../../src/checks/load-balancers/links';
import { prepareTrace } from '../../src/trace/models';
import { GATEWAY_PODS, SECURE_GATEWAY, ingress, manifests, path } from '../trace/small-edge';

const service = (name: string, target: number, created = '') => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: edge${created && `, creationTimestamp: "${created}"`}}
spec: {selector: {app: gw}, ports: [{name: https, port: 443, targetPort: ${target}}]}
---`;
const [OLD, YOUNG] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];

const listenerBehind = (name: string, a: string, b: string) => {
  const group = ingress({}, [{ host: 'a.example.com', http: { paths: [path('/', name)] } }]);
  return linksOf(prepareTrace(manifests(group, service('a', 8443, a), service('b', 9443, b), GATEWAY_PODS, SECURE_GATEWAY)))[0].listener?.port;
};

test('the oldest Service decides where the gateway listens, and that of the group where it is dialed', () => {
  expect([listenerBehind('a', OLD, YOUNG), listenerBehind('b', OLD, YOUNG), listenerBehind('b', YOUNG, OLD)]).toEqual([8443, undefined, 9443]);
});

test('without ages each of the Services may be the oldest', () => {
  expect([listenerBehind('a', '', ''), listenerBehind('b', '', '')]).toEqual([8443, 8443]);
});
