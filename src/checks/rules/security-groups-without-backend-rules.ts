// A load balancer has security groups of its own, and the controller does not open the targets to them.
import { Kind, kindNameOf } from '../../manifests/kind';
import type { Check } from '../check';

/** AWS Load Balancer Controller 3.5.0: pkg/ingress/model_build_load_balancer.go:291; --enable-manage-backend-security-group-rules is false by default. */
export const securityGroupsWithoutBackendRules: Check = {
  id: 'security-groups-without-backend-rules',
  severity: 'warning',
  title: 'The controller does not open the targets to the security groups of a load balancer',
  why: 'With the annotation security-groups the controller no longer manages the inbound rules of pods and nodes. Unless you have rules of your own for '
    + 'each port, connections to the targets time out: clients get 504, and health checks fail.',
  fix: 'Set manage-backend-security-group-rules: "true", or allow the ports in the security group of the targets and acknowledge the finding.',
  related: ['E069'],
  about: [Kind.INGRESS],
  reads: [Kind.SERVICE],

  *run({ members, manifests }) {
    // Pods with security groups of their own have rules of their own.
    if (manifests.some(own => kindNameOf(own) === 'SecurityGroupPolicy.vpcresources.k8s.aws')) {
      return;
    }
    for (const { manifest, settings, loadBalancer, isDecided } of members) {
      const closed = loadBalancer?.targetGroups.filter(({ opened, service }) => service !== undefined && opened.length === 0) ?? [];
      if (isDecided && closed.length > 0 && loadBalancer?.managedSecurityGroup === undefined && settings.has('securityGroups')) {
        const services = closed.map(({ service }) => `Service ${service!.name}:${service!.port}`);
        const checks = closed.map(({ healthCheck }) => healthCheck.port).filter(port => port !== 'traffic-port').map(port => `health check ${port}`);
        const message = `the controller opens no port to ${loadBalancer!.securityGroups.join(', ')}: ${[...new Set([...services, ...checks])].join(', ')}`;
        yield { manifest, pointer: settings.pointer('securityGroups'), message };
      }
    }
  },
};
