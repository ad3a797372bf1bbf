// Texts that are almost right: what a typo, a wrong type or a copied example makes of a right one.
import * as fc from 'fast-check';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What people write in place of a value of another type. */
const OTHER: readonly Json[] = [null, 0, 1, -1, 1.5, 70000, 5e9, '', 'x', '1', true, [], [null], {}];

const TYPOS: readonly ((text: string, at: number) => string)[] = [
  () => '',
  () => ' ',
  () => 'null',
  () => '{}',
  () => '[]',
  text => ` ${text} `,
  text => `${text},`,
  text => `,${text}`,
  text => `${text}, ,${text}`,
  text => `"${text}"`,
  text => `+${text}`,
  text => `0${text}`,
  text => `${text}.0`,
  text => `${text}\n`,
  text => `${text}=`,
  text => text.toUpperCase(),
  text => text.replaceAll(',', ', '),
  text => text.replaceAll(',', '\\,'),
  text => text.replaceAll(',', ';'),
  text => text.replaceAll('"', '\''),
  text => text.replace('=', ' = '),
  text => text.replace('=', ':'),
  (text, at) => text.slice(0, at) + text.slice(at + 1),
  (text, at) => `${text.slice(0, at)}=${text.slice(at)}`,
  (text, at) => `${text.slice(0, at)},${text.slice(at)}`,
  (text, at) => `${text.slice(0, at)} ${text.slice(at)}`,
  (text, at) => `${text.slice(0, at)}é${text.slice(at)}`,
  (text, at) => text.slice(0, at),
];

/** A right text with one fault; for JSON often a part of a wrong type, without a property, or with a name in other letters. */
export function mangled(right: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(right, fc.nat(100_000), fc.constantFrom(...TYPOS), fc.constantFrom(...OTHER), fc.nat(5)).map(([text, at, typo, other, how]) => {
    const json = how === 0 ? undefined : parsed(text);
    return json === undefined ? typo(text, text.length === 0 ? 0 : at % text.length) : JSON.stringify(withFault(json, at, other, how));
  });
}

function parsed(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function withFault(root: Json, at: number, other: Json, how: number): Json {
  const places = placesOf(root);
  if (places.length === 0) {
    return other;
  }
  const { holder, key } = places[at % places.length];
  if (Array.isArray(holder)) {
    holder.splice(Number(key), how === 1 ? 1 : 0, ...how === 1 ? [] : [other]);
  } else if (how === 1) {
    Reflect.deleteProperty(holder, key);
  } else if (how === 2) {
    const value = holder[key];
    Reflect.deleteProperty(holder, key);
    holder[at % 2 === 0 ? key.toUpperCase() : key[0].toUpperCase() + key.slice(1)] = value;
  } else {
    holder[key] = other;
  }
  return root;
}

interface Place {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: string;
}

/** Every place in a value, the outer ones first. */
function placesOf(value: Json): Place[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const own = Object.keys(value).map(key => ({ holder: value, key }));
  return [...own, ...Object.values(value).flatMap(placesOf)];
}
