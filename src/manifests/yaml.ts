// From YAML to manifests. The only file that imports the YAML parser.
import {
  Event, EVENT_ID, FAILSAFE_SCHEMA, NOT_RESOLVED, SCALAR_STYLE, YAMLException, boolYaml11Tag, constructFromEvents, defineScalarTag,
  getScalarValue, mergeTag, nullYaml11Tag, parseEvents,
} from 'js-yaml';
import { UnreadableManifest } from '../base/errors';
import { decodeBase64 } from './base64';
import { withoutBigints } from './exact-integer';
import { rememberLines, rememberListItem } from './field-lines';
import { type ParserStop, withFreeIndentation } from './free-indentation';
import { FileOrigin, Manifest } from './manifest';
import { PlainObject, asText, isObject } from './plain-json';
import { pointer as step } from './pointer';

/**
 * How many nodes aliases may add to a document. Without a limit a kilobyte can expand to gigabytes. kubectl's parser also starts to reject
 * documents that consist of aliases at 400,000 nodes (sigs.k8s.io/yaml 1.6 goyaml.v2/decode.go).
 */
const MAX_ALIASED_NODES = 400_000;

/** The parser counts merged keys across all documents; this limit only bounds its time. */
const MAX_MERGED_KEYS = 400_000;

/** The length of the longest literal of 64 bits: binary digits and `0b`. */
const MAX_EXACT_LENGTH = 66;

/** What every text contains in which a number is not exact: 16 decimal digits, 14 hexadecimal ones or more of others. */
const LARGE_INTEGER = /[\da-fA-F_]{14}/;

/** How the parser calls a line between brackets or quotes that is not indented. */
const DEFICIENT = 'deficient indentation';

const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;

const intTag = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: [...'+-0123456789'],
  resolve: source => wholeNumber(source.replace(/_/g, '')) ?? NOT_RESOLVED,
  identify: () => false,
});

const floatTag = defineScalarTag('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: [...'+-.0123456789'],
  resolve: source => (FLOAT.test(source.replace(/_/g, '')) ? Number(source.replace(/_/g, '')) : NOT_RESOLVED),
  identify: () => false,
});

/** kubectl makes text of binary values (goyaml.v2/resolve.go). */
const binaryTag = defineScalarTag('tag:yaml.org,2002:binary', { resolve: source => decodeBase64(source) ?? NOT_RESOLVED, identify: () => false });

/**
 * Scalars as kubectl reads them (sigs.k8s.io/yaml 1.6 goyaml.v2/resolve.go): `y`, `yes`, `on` and the like are booleans, `010` is eight,
 * `1:30` and dates are strings. Two differences: `.inf` and `.nan` are strings here, and kubectl rejects them; a duplicate key is rejected
 * here, and with kubectl only by the API server.
 */
const SCHEMA = FAILSAFE_SCHEMA.withTags(nullYaml11Tag, boolYaml11Tag, intTag, floatTag, binaryTag, mergeTag);

/**
 * Reads all documents of a YAML string (JSON is YAML). Skips empty documents and unfolds lists (`kind: List`).
 *
 * @param text the YAML
 * @param file the file name for errors and findings; `-` for standard input
 * @throws UnreadableManifest for a syntax error, a duplicate key, or a document that is not a Kubernetes object
 */
export function readYaml(text: string, file = '-'): Manifest[] {
  const documents = parse(text, file);
  return documents.flatMap(({ content, origin }) => (content === null || content === undefined ? [] : unfold(content, origin)));
}

/**
 * Reads all documents of a YAML string as plain JSON of any shape.
 *
 * @throws UnreadableManifest for a syntax error or a duplicate key
 */
export function readDocuments(text: string, file: string): unknown[] {
  return parse(text, file).map(({ content }) => content);
}

/**
 * The line of each value of a YAML string's first document, by JSON pointer; where the value has a key, the line of the key.
 *
 * @throws UnreadableManifest for a syntax error
 */
export function linesOf(text: string, file: string): ReadonlyMap<string, number> {
  const { source } = eventsOf(text, file);
  return linesInFirstDocument(source);
}

/** Line breaks are counted between one value and the next. */
function linesInFirstDocument(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const open: { readonly pointer: string; readonly isList: boolean; count: number; key?: { readonly name: string; readonly line: number } }[] = [];
  let counted = 0;
  let line = 1;
  for (const event of parseEvents(text, {}).slice(1)) {
    if (event.type === EVENT_ID.DOCUMENT) {
      break;
    }
    if (event.type === EVENT_ID.POP) {
      open.pop();
      continue;
    }
    const start = Math.max(counted, event.type === EVENT_ID.SCALAR ? event.valueStart : event.type === EVENT_ID.ALIAS ? event.anchorStart : event.start);
    line += lineBreaks(text.slice(counted, start));
    counted = start;
    const parent = open.at(-1);
    if (parent !== undefined && !parent.isList && parent.key === undefined) {
      parent.key = { name: event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : '', line };
      continue;
    }
    const pointer = parent === undefined ? '' : `${parent.pointer}${step(parent.isList ? parent.count++ : parent.key!.name)}`;
    lines.set(pointer, parent?.key?.line ?? line);
    if (parent !== undefined) {
      parent.key = undefined;
    }
    if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING) {
      open.push({ pointer, isList: event.type === EVENT_ID.SEQUENCE, count: 0 });
    }
  }
  return lines;
}

interface ParsedDocument {
  readonly content: unknown;
  readonly origin: FileOrigin;
}

/** What the parser makes of a text: positions are those in the source, whose lines are those of the text. */
interface Parsed {
  readonly source: string;
  readonly events: Event[];
}

function parse(text: string, file: string): ParsedDocument[] {
  const { source, events } = eventsOf(text, file);
  try {
    const origins = originsOf(events, source, file);
    rejectAliasBombs(events, source, origins);
    rejectNullKeys(events, source, origins);
    const mayBeInexact = LARGE_INTEGER.test(source);
    return constructFromEvents(events, { source, schema: SCHEMA, maxTotalMergeKeys: MAX_MERGED_KEYS })
      .map((content, index) => ({ content: mayBeInexact ? withoutBigints(content) : content, origin: origins[index] }));
  } catch (error) {
    throw asUnreadable(error, source, file);
  }
}

/** @throws UnreadableManifest for a syntax error */
function eventsOf(text: string, file: string): Parsed {
  try {
    return { source: text, events: parseEvents(text, { filename: file }) };
  } catch (error) {
    if (stopOf(error)?.is !== DEFICIENT) {
      throw asUnreadable(error, text, file);
    }
  }
  const source = withFreeIndentation(text, stopIn);
  try {
    return { source, events: parseEvents(source, { filename: file }) };
  } catch (error) {
    throw asUnreadable(error, source, file);
  }
}

function stopIn(text: string): ParserStop | undefined {
  try {
    parseEvents(text, {});
    return undefined;
  } catch (error) {
    return stopOf(error);
  }
}

/** Where the parser stops, by its error. */
function stopOf(error: unknown): ParserStop | undefined {
  if (!(error instanceof YAMLException) || error.mark === undefined) {
    return undefined;
  }
  const { reason, mark: { position } } = error;
  return { position, is: reason === DEFICIENT ? DEFICIENT : /flow collection|quoted scalar|found ','/.test(reason) ? 'open bracket or quote' : 'other' };
}

function asUnreadable(error: unknown, text: string, file: string): UnreadableManifest {
  if (error instanceof UnreadableManifest) {
    return error;
  }
  if (!(error instanceof YAMLException) || error.mark === undefined) {
    return new UnreadableManifest(error instanceof Error ? error.message : String(error), file);
  }
  return new UnreadableManifest(error.reason + causeIn(text, error.mark.line, error.reason), file, documentAt(text, error.mark.position), error.mark.line + 1);
}

/** Characters that look like a space or like nothing, and are text to YAML 1.1 and 1.2. Word processors and web pages put them into YAML. */
const INVISIBLE = /[\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000]/;

/** What the parser does not say about an error: a character that nobody sees, in the line of the error or in one shortly before it. */
function causeIn(text: string, line: number, reason: string): string {
  if (text.includes('\0')) {
    return '; the file must be text in UTF-8';
  }
  const lines = text.split(/\r\n|\r|\n/);
  const suspect = [line, line - 1, line - 2, line - 3].find(index => INVISIBLE.test(lines[index] ?? ''));
  if (suspect === undefined) {
    return reason === DEFICIENT ? '; a bracket or quotation mark before this line may not be closed' : '';
  }
  const [character] = INVISIBLE.exec(lines[suspect])!;
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  return `; line ${suspect + 1} contains the character U+${code}, which looks like a space but is none: replace it with a space`;
}

/** The parser reports the position of an error but not its document, so count the documents before it. */
function documentAt(text: string, position: number): number | undefined {
  const separators = [...text.slice(0, position).matchAll(/^---(?=\s|$)/gm)];
  const start = separators.at(-1)?.index ?? 0;
  try {
    return parseEvents(text.slice(0, start), {}).filter(event => event.type === EVENT_ID.DOCUMENT).length + 1;
  } catch {
    return undefined;
  }
}

function originsOf(events: readonly Event[], text: string, file: string): FileOrigin[] {
  const origins: FileOrigin[] = [];
  const starts: number[] = [];
  let line = 1;
  let counted = 0;
  // No closure, which would keep the events alive as long as the one below.
  for (const [index, event] of events.entries()) {
    if (event.type === EVENT_ID.DOCUMENT) {
      const start = Math.max(counted, startOf(events[index + 1]));
      line += lineBreaks(text.slice(counted, start));
      counted = start;
      starts.push(startOfLine(text, start));
      origins.push({ file, document: origins.length + 1, line });
    }
  }
  // Several can start at one place: an empty document, and the one in front of it.
  const places = [...new Set(starts)];
  const ends = new Map(places.map((start, index) => [start, places[index + 1]]));
  origins.forEach((origin, index) => rememberLines(origin, () => linesIn(text.slice(starts[index], ends.get(starts[index])))));
  return origins;
}

/** A document that relies on a directive before it cannot be read without that: then no line of a field is known. */
function linesIn(document: string): ReadonlyMap<string, number> {
  try {
    return linesInFirstDocument(document);
  } catch {
    return new Map();
  }
}

function startOfLine(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') {
    start--;
  }
  return start;
}

function startOf(event: Event | undefined): number {
  if (event === undefined) {
    return 0;
  }
  return 'start' in event ? event.start : 'valueStart' in event ? event.valueStart : 0;
}

function lineBreaks(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0;
}

/** Adds up the nodes behind all aliases without expanding any: the size of an anchor is known when its node ends. */
function rejectAliasBombs(events: readonly Event[], text: string, origins: readonly FileOrigin[]): void {
  let sizes = new Map<string, number>();
  let aliased = 0;
  let document = 0;
  const open: { anchor?: string; size: number }[] = [];
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        sizes = new Map();
        aliased = 0;
        document++;
        open.push({ size: 0 });
        break;
      case EVENT_ID.POP: {
        const { anchor, size } = open.pop()!;
        grow(open, size);
        remember(sizes, anchor, size);
        break;
      }
      case EVENT_ID.ALIAS: {
        const anchor = anchorOf(event, text)!;
        const size = open.some(node => node.anchor === anchor) ? Infinity : sizes.get(anchor) ?? 0;
        aliased += size;
        if (aliased > MAX_ALIASED_NODES) {
          const reason = size === Infinity ? `alias ${anchor} contains itself` : `aliases expand to more than ${MAX_ALIASED_NODES} nodes`;
          throw new UnreadableManifest(reason, origins[document - 1].file, document, origins[document - 1].line);
        }
        grow(open, size);
        break;
      }
      case EVENT_ID.SCALAR:
        grow(open, 1);
        remember(sizes, anchorOf(event, text), 1);
        break;
      default:
        open.push({ anchor: anchorOf(event, text), size: 1 });
    }
  }
}

/** What a text contains in which a key is null: what stands for null, or nothing, in front of a colon. */
const NULL_KEY = /(?:^|[\s{,?])(?:~|null|Null|NULL)?\s*:(?:\s|$)/;

/** JSON has no such key, and the parser would make the text `null` of it (sigs.k8s.io/yaml 1.6, convertToJSONableObject). */
function rejectNullKeys(events: readonly Event[], source: string, origins: readonly FileOrigin[]): void {
  if (!NULL_KEY.test(source)) {
    return;
  }
  const open: { readonly isMap: boolean; count: number }[] = [];
  let document = 0;
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      open.pop();
      continue;
    }
    const parent = open.at(-1);
    const isKey = parent !== undefined && parent.isMap && parent.count++ % 2 === 0;
    if (event.type === EVENT_ID.SCALAR) {
      const text = source.slice(event.valueStart, event.valueEnd);
      if (isKey && event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0 && /^(|~|null|Null|NULL)$/.test(text)) {
        const { file, line } = origins[document - 1];
        throw new UnreadableManifest('a key is null: write a name in front of the colon, in quotes if it is the word null', file, document,
          event.valueStart < 0 ? line : 1 + lineBreaks(source.slice(0, event.valueStart)));
      }
    } else if (event.type !== EVENT_ID.ALIAS) {
      document += event.type === EVENT_ID.DOCUMENT ? 1 : 0;
      open.push({ isMap: event.type === EVENT_ID.MAPPING, count: 0 });
    }
  }
}

function grow(open: { size: number }[], by: number): void {
  if (open.length > 0) {
    open[open.length - 1].size += by;
  }
}

function remember(sizes: Map<string, number>, anchor: string | undefined, size: number): void {
  if (anchor !== undefined) {
    sizes.set(anchor, size);
  }
}

function anchorOf(event: { anchorStart: number; anchorEnd: number }, text: string): string | undefined {
  return event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
}

/**
 * Go's base prefixes (strconv.ParseInt with base 0): `0x`, `0o`, `0b`, and a leading zero for octal. A number that is not exact is a bigint, which
 * {@link withoutBigints} replaces.
 */
function wholeNumber(source: string): number | bigint | undefined {
  const [, sign, digits] = /^([-+]?)(.*)$/s.exec(source)!;
  const literal = /^(0|[1-9]\d*|0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)$/.test(digits) ? digits
    : /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}`
      : undefined;
  if (literal === undefined || Number(literal) === 0) {
    return literal === undefined ? undefined : 0;
  }
  const magnitude = Number(literal);
  // Longer literals are no 64-bit integers for kubectl either, and reading them would take quadratic time.
  return Number.isSafeInteger(magnitude) || literal.length > MAX_EXACT_LENGTH ? (sign === '-' ? -magnitude : magnitude)
    : sign === '-' ? -BigInt(literal) : BigInt(literal);
}

/** @param place the pointer of the content in its document */
function unfold(content: unknown, origin: FileOrigin, place = ''): Manifest[] {
  if (!isObject(content) || !asText(content.apiVersion) || !asText(content.kind)) {
    throw new UnreadableManifest('not a Kubernetes object: apiVersion and kind must be strings', origin.file, origin.document, origin.line);
  }
  const { items } = content;
  const kind = asText(content.kind)!;
  if (kind.endsWith('List') && Array.isArray(items)) {
    return items.flatMap((item, index) => unfold(withTypeOf(content, kind, item), origin, `${place}${step('items', index)}`));
  }
  if (place !== '') {
    rememberListItem(content, place);
  }
  return [{ object: content, origin }];
}

/** Items of a typed list such as ServiceList may omit apiVersion and kind; items of a plain List may not. */
function withTypeOf(list: PlainObject, kind: string, item: unknown): unknown {
  return kind === 'List' || !isObject(item) ? item : { apiVersion: list.apiVersion, kind: kind.slice(0, -'List'.length), ...item };
}
