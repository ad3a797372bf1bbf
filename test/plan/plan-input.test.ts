// `plan` and `mesh` read constructs and plain objects as well as manifests.
import { ApiObject, App, Chart } from 'cdk8s';
import { mesh, plan } from '../../src/inspect';

const INGRESS = {
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web', namespace: 'shop' },
  spec: { ingressClassName: 'alb', rules: [{ http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] } }] },
};
const SERVICE = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec: { ports: [{ port: 80 }], selector: { app: 'web' } } };

test('plan and mesh give for constructs what they give for the objects', () => {
  const chart = new Chart(new App(), 'shop');
  new ApiObject(chart, 'Ingress', INGRESS);
  new ApiObject(chart, 'Service', SERVICE);
  expect(plan(chart).loadBalancers.map(({ group }) => group)).toEqual(['shop/web']);
  expect(plan([INGRESS, SERVICE]).loadBalancers.map(({ group }) => group)).toEqual(['shop/web']);
  expect(mesh(chart).services.all.map(({ hostname }) => hostname)).toEqual(['web.shop.svc.cluster.local']);
  expect(mesh([INGRESS, SERVICE]).services.all.map(({ hostname }) => hostname)).toEqual(['web.shop.svc.cluster.local']);
});

test('anything else is refused with what is expected', () => {
  expect(() => plan('Ingress' as never)).toThrow('the input must be a construct or a list of Kubernetes objects');
  expect(() => mesh({} as never)).toThrow('the input must be a construct or a list of Kubernetes objects');
});
