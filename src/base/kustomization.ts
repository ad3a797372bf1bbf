// Kustomize's own file, by which both wings know a folder that is applied together.

/** The one of its names that `kubectl apply -f -R`, Flux's scan and Argo CD's directory mode pass over: ours. */
export const KUSTOMIZATION = 'Kustomization';

/** All its names, of which kustomize takes any, but one to a folder (kustomize 5 api/konfig/general.go). */
export const KUSTOMIZATION_FILES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', KUSTOMIZATION];
