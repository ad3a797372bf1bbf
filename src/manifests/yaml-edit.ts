// Edits of YAML as text: what is around an edited field stays as it was written, comments and quotes included.
import {
  type Document, type Node, type Pair, type Scalar, type YAMLMap, isCollection, isMap, isPair, isScalar, isSeq, parseAllDocuments, stringify,
} from 'yaml';
import { groupBy } from '../base/multimap';
import { stepsOf } from './pointer';

/** One edit of one field. */
export interface Edit {
  /** Line of the document's first content, from 1. */
  readonly line: number;
  readonly pointer: string;
  readonly op: 'set' | 'quote' | 'rename';
  /** Of `set` the text of the field, of `rename` the new key. */
  readonly text?: string;
}

/** A part of the text that is replaced. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all edits. Edits of fields that it does not have are left out; `set` adds the field. */
export function edited(text: string, edits: readonly Edit[]): string {
  const byLine = groupBy(edits, ({ line }) => line);
  const starts = lineStarts(text);
  let result = text;
  // From the end, so that positions before an edit stay.
  for (const { contents, range } of documentsIn(text).reverse()) {
    const own = contents?.range ? byLine.get(lineAt(starts, contents.range[0])) : undefined;
    if (own !== undefined) {
      const [start, , end] = range;
      result = result.slice(0, start) + own.reduce(withEdit, result.slice(start, end)) + result.slice(end);
    }
  }
  return result;
}

function documentsIn(text: string): Document.Parsed[] {
  const documents = parseAllDocuments(text, { version: '1.1', uniqueKeys: false });
  return 'empty' in documents ? [] : documents;
}

/** The text of one document with one edit. */
function withEdit(text: string, edit: Edit): string {
  const [{ contents }] = documentsIn(text);
  const change = contents === null ? undefined : changeOf(text, contents, edit);
  return change === undefined ? text : text.slice(0, change.start) + change.text + text.slice(change.end);
}

function changeOf(text: string, root: Node, { pointer, op, text: wanted = '' }: Edit): Change | undefined {
  const steps = stepsOf(pointer);
  let node: unknown = root;
  for (const [depth, step] of steps.entries()) {
    const pair: Pair | undefined = isMap(node) ? node.items.find(own => isScalar(own.key) && String(own.key.value) === step) : undefined;
    const isLast = depth === steps.length - 1;
    if (pair !== undefined && isLast) {
      return op === 'rename' ? replaced(pair.key as Scalar, wanted) : valueChange(text, pair, op, wanted);
    }
    if (pair === undefined && isMap(node)) {
      return op === 'set' ? addition(text, node, steps.slice(depth), wanted) : undefined;
    }
    node = pair?.value ?? (isSeq(node) ? node.items[Number(step)] : undefined);
  }
  return undefined;
}

function valueChange(text: string, { value }: Pair, op: 'set' | 'quote', wanted: string): Change | undefined {
  if (!isScalar(value) || !value.range) {
    return undefined;
  }
  const [start, end] = value.range;
  return op === 'set' ? replaced(value, wanted) : { start, end, text: `'${text.slice(start, end).replaceAll('\'', '\'\'')}'` };
}

function replaced({ range }: Scalar, wanted: string): Change | undefined {
  return range ? { start: range[0], end: range[1], text: written(wanted) } : undefined;
}

/** A text as YAML 1.1 and 1.2 read it alike. */
function written(text: string): string {
  return stringify(text, { version: '1.1', singleQuote: true, lineWidth: 0 }).trimEnd();
}

/** A new field at the end of a map, in the style of the map. */
function addition(text: string, map: YAMLMap, steps: readonly string[], wanted: string): Change | undefined {
  const last = map.items.at(-1);
  if (!map.range || (!map.flow && (!isPair(last) || !isScalar(last.key) || !last.key.range))) {
    return undefined;
  }
  if (map.flow) {
    const nested = steps.slice(1).reduceRight((value, step) => `{ ${written(step)}: ${value} }`, written(wanted));
    const close = map.range[1] - 1;
    const end = text.slice(0, close).trimEnd().length;
    return { start: end, end, text: `${map.items.length === 0 ? ' ' : ', '}${written(steps[0])}: ${nested}${end === close ? ' ' : ''}` };
  }
  const [start] = (last!.key as Scalar).range!;
  const indent = start - (text.lastIndexOf('\n', start - 1) + 1);
  const end = endOfLine(text, endOf((last!.value ?? last!.key) as Node));
  const fields = steps.map((step, depth) => `\n${' '.repeat(indent + 2 * depth)}${written(step)}:`).join('');
  return { start: end, end, text: `${fields} ${written(wanted)}` };
}

/** Where a node ends: of a map or a list without braces, its last item. */
function endOf(node: Node): number {
  const last = isCollection(node) && !node.flow ? node.items.at(-1) : undefined;
  return last === undefined ? node.range![1] : endOf((isPair(last) ? last.value ?? last.key : last) as Node);
}

/** The end of the line of a position; a block of text ends at the line before. */
function endOfLine(text: string, position: number): number {
  const from = text[position - 1] === '\n' ? position - 1 : position;
  const next = text.indexOf('\n', from);
  return next === -1 ? text.length : next;
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

function lineAt(starts: readonly number[], position: number): number {
  let [low, high] = [0, starts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    [low, high] = starts[middle] <= position ? [middle, high] : [low, middle];
  }
  return low + 1;
}
