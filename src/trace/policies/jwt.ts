// JSON web tokens in requests: read as Envoy reads them before it checks their signature (Envoy 1.40, source/common/jwt/jwt.cc parseFromString).
import { asObject } from '../../manifests/plain-json';

/** A JSON web token. */
export interface Token {
  readonly claims: Readonly<Record<string, unknown>>;
  /** Whether its signature and its times are valid. */
  readonly isValid: boolean;
}

/** What a token claims at a path of keys; undefined for what it does not claim. */
export function claimAt(claims: Token['claims'] | null | undefined, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (
    typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Token['claims'])[key] : undefined), claims ?? undefined);
}

/** What a token says. Whether its signature and its times are valid, the request alone does not tell. */
export type ReadToken = { readonly claims: Token['claims'] } | { readonly fault: string };

const ALGORITHMS = /^(?:EdDSA|(?:ES|HS|RS|PS)(?:256|384|512))$/;

/** Reads a token. Envoy overlooks blanks around it. */
export function readToken(text: string): ReadToken {
  const parts = text.trim().split('.').filter(part => part !== '');
  if (parts.length !== 3) {
    return { fault: 'it does not have the form header.payload.signature' };
  }
  const [header, payload] = parts.slice(0, 2).map(jsonOf);
  if (header === undefined || payload === undefined || decoded(parts[2]) === undefined) {
    return { fault: `its ${header === undefined ? 'header' : payload === undefined ? 'payload' : 'signature'} cannot be decoded` };
  }
  const { alg, kid = '' } = header;
  if (typeof alg !== 'string' || !ALGORITHMS.test(alg) || typeof kid !== 'string') {
    return { fault: 'Envoy does not support its header' };
  }
  const wrong = Object.entries(payload).find(([claim, value]) => Object.hasOwn(CLAIMS, claim) && !CLAIMS[claim](value));
  return wrong === undefined ? { claims: payload } : { fault: `its claim ${wrong[0]} is of another type` };
}

/** A token with the claims, signed by nobody: conditions on headers see a token. */
export function writeToken(claims: Token['claims']): string {
  return [encoded({ alg: 'RS256', typ: 'JWT' }), encoded(claims), encoded('signature')].join('.');
}

/** A value as a part of a token: JSON in Base64 in the alphabet of URLs. */
export function encoded(value: unknown): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTime = (value: unknown): boolean => typeof value === 'number' && value >= 0;

/** The types of claims that Envoy reads. */
const CLAIMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  iss: isText, sub: isText, jti: isText, iat: isTime, nbf: isTime, exp: isTime, aud: value => [value].flat().every(isText),
};

function jsonOf(part: string): Token['claims'] | undefined {
  try {
    const value: unknown = JSON.parse(decoded(part) ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? asObject(value) : undefined;
  } catch {
    return undefined;
  }
}

/** Base64 in the alphabet of URLs; nothing if it is none. */
function decoded(part: string): string | undefined {
  if (!/^[\w-]+={0,2}$/.test(part)) {
    return undefined;
  }
  try {
    const bytes = atob(part.replace(/-/g, '+').replace(/_/g, '/'));
    return new TextDecoder().decode(Uint8Array.from(bytes, character => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
