// The text of kustomize's own file, and what one lists.

/** The text that lists these files. kustomize refuses one without any: "kustomization.yaml is empty". */
export function kustomizationOf(files: readonly string[]): string {
  return ['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization', 'resources:', ...files.map(file => `  - ${file}`), ''].join('\n');
}

/** The files that such a text lists. */
export function filesListedIn(text: string): string[] {
  return [...text.matchAll(/^\s*- (.+?)\s*$/gm)].map(([, file]) => file);
}
