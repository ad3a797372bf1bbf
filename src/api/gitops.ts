// Objects by which Flux and Argo CD apply the written folders.
export { DeliveryApp, type DeliveryAppProps } from '../gitops/delivery-app';
export { ArgoApplication, type ArgoApplicationProps } from '../gitops/delivery/argo-application';
export { ArgoApplicationSet, type ArgoApplicationSetProps, type ArgoMember } from '../gitops/delivery/argo-application-set';
export { ArgoDestination } from '../gitops/delivery/argo-destination';
export { type ArgoOptions } from '../gitops/delivery/argo-options';
export { FluxDeletionPolicy, FluxDelivery, type FluxDeliveryProps } from '../gitops/delivery/flux-delivery';
export { type FluxGitRepositoryOptions, FluxSource, FluxSourceKind } from '../gitops/delivery/flux-source';
