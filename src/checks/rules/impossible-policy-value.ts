// A policy compares a method or a principal with a value that no request has.
import { Kind } from '../../manifests/kind';
import { specOf } from '../../manifests/manifest';
import { asList, asObject, asText, asTexts } from '../../manifests/plain-json';
import type { Check } from '../check';

/** Istio 1.30: pilot/pkg/security/authz/model/generator.go. Methods are compared exactly, and principals behind `spiffe://`, which istiod adds. */
export const impossiblePolicyValue: Check = {
  id: 'impossible-policy-value',
  severity: 'error',
  title: 'A policy compares with a value that no request has',
  why: 'Methods are case-sensitive, and clients send them in upper case. istiod itself puts spiffe:// in front of principals. A value that never matches turns a '
    + 'DENY rule into one that denies nobody, an ALLOW rule into one that allows nobody, and in notMethods and notPrincipals it excepts nobody.',
  fix: 'Write methods in upper case, and principals without spiffe://, such as cluster.local/ns/shop/sa/shop.',
  related: ['E044'],
  about: [Kind.AUTHORIZATION_POLICY],
  reads: [],
  reach: 'field',

  *run(subject) {
    for (const manifest of subject.of(Kind.AUTHORIZATION_POLICY)) {
      for (const [index, { from, to, when }] of asList(specOf(manifest).rules).map(asObject).entries()) {
        const lists = [
          ...fieldsOf(from, 'source', ['principals', 'notPrincipals']).map(own => ({ ...own, isWrong: isUri, meant: withoutScheme })),
          ...fieldsOf(to, 'operation', ['methods', 'notMethods']).map(own => ({ ...own, isWrong: isLower, meant: (text: string) => text.toUpperCase() })),
          ...asList(when).map(asObject).flatMap((condition, at) => (asText(condition.key) !== 'source.principal' ? [] : ['values', 'notValues'].map(field => (
            { place: `when/${at}/${field}`, texts: asTexts(condition[field]), isWrong: isUri, meant: withoutScheme })))),
        ];
        for (const { place, texts, isWrong, meant } of lists) {
          const wrong = texts.find(isWrong);
          if (wrong !== undefined) {
            const message = `${wrong} never matches: ${isUri(wrong) ? 'Istio adds spiffe:// itself' : 'methods are case-sensitive'}; did you mean ${meant(wrong)}?`;
            yield { manifest, pointer: `/spec/rules/${index}/${place}`, message };
          }
        }
      }
    }
  },
};

function fieldsOf(entries: unknown, of: string, fields: readonly string[]): { readonly place: string; readonly texts: readonly string[] }[] {
  const key = of === 'source' ? 'from' : 'to';
  return asList(entries).map(entry => asObject(asObject(entry)[of])).flatMap((entry, at) => fields.map(field => (
    { place: `${key}/${at}/${of}/${field}`, texts: asTexts(entry[field]) })));
}

const isUri = (text: string) => text.startsWith('spiffe://');
const withoutScheme = (text: string) => text.slice('spiffe://'.length);
/** A method of RFC 9110 in another case; methods of others may be in lower case. */
const isLower = (text: string) => text !== text.toUpperCase() && /^(get|head|post|put|patch|delete|options|connect|trace)$/i.test(text);
