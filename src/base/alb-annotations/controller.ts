// The controllers that build load balancers, by the names that Kubernetes objects have for them.

/** The controller that builds load balancers in a cluster. Both can run side by side, with different classes. */
export enum AlbController {
  /** The open-source AWS Load Balancer Controller, which you install. */
  AWS_LOAD_BALANCER_CONTROLLER = 'ingress.k8s.aws/alb',
  /** EKS Auto Mode, which AWS runs. Load balancers cannot be handed over between the two. */
  EKS_AUTO_MODE = 'eks.amazonaws.com/alb',
}

/** `spec.loadBalancerClass` of the Services that each of them builds Network Load Balancers for. No other controller handles these Services. */
export const NLB_CLASSES: { readonly [controller in AlbController]: string } = {
  [AlbController.AWS_LOAD_BALANCER_CONTROLLER]: 'service.k8s.aws/nlb',
  [AlbController.EKS_AUTO_MODE]: 'eks.amazonaws.com/nlb',
};
