// Objects that make Secrets in their namespace.
import { Kind, kindNameOf } from '../manifests/kind';
import { type Manifest, annotationsOf, nameOf, namespaceOf, specOf } from '../manifests/manifest';
import { asList, asObject, asText } from '../manifests/plain-json';

/** The objects by the name of their kind, and the names of the Secrets that they make. */
const MAKERS: Readonly<Record<string, (manifest: Manifest) => readonly string[]>> = {
  'Certificate.cert-manager.io': manifest => [asText(specOf(manifest).secretName) ?? ''],
  'ExternalSecret.external-secrets.io': manifest => [asText(asObject(specOf(manifest).target).name) || nameOf(manifest)],
  'SealedSecret.bitnami.com': manifest => [nameOf(manifest)],
  [Kind.INGRESS]: manifest => (!annotationsOf(manifest).some(([key]) => ISSUER.test(key)) ? []
    : asList(specOf(manifest).tls).map(tls => asText(asObject(tls).secretName) ?? '')),
};

/** Annotations by which cert-manager makes a Certificate for an Ingress. */
const ISSUER = /^cert-manager\.io\/(cluster-)?issuer$/;

/** The names of the Secrets that an object makes in its namespace. */
export function secretsMadeBy(manifest: Manifest): readonly string[] {
  const kind = kindNameOf(manifest);
  return Object.hasOwn(MAKERS, kind) ? MAKERS[kind](manifest) : [];
}

/** The Secrets that other objects of the input make, as `namespace/name`. */
export function madeSecrets(manifests: readonly Manifest[]): ReadonlySet<string> {
  return new Set(manifests.flatMap(manifest => secretsMadeBy(manifest).map(name => `${namespaceOf(manifest)}/${name}`)));
}
