// Ingresses as YAML, for tests of plans.

/** A path of {@link ingressYaml}. */
export function path(value: string, { backend = 'web', port = 'number: 80', type = 'Exact' } = {}): string {
  return `{ path: ${value}, pathType: ${type}, backend: { service: { name: ${backend}, port: { ${port} } } } }`;
}

/** An Ingress in namespace shop with one rule. Keys of annotations lack the prefix of the controller. */
export function ingressYaml(
  annotations: Readonly<Record<string, string>>, paths: readonly string[], { name = 'web', className = 'alb', host = 'host: shop.example.com, ' } = {},
): string {
  const prefixed = Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`alb.ingress.kubernetes.io/${key}`, value]));
  return `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: shop
  annotations: ${JSON.stringify(prefixed)}
spec:
  ingressClassName: ${className}
  rules: [{ ${host}http: { paths: [${paths.join(', ')}] } }]
`;
}
