// Applies the patches of findings to the files that the objects are from.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Finding } from '../checks/finding';
import type { ReportedPatch } from '../checks/patch';
import { readYaml } from '../manifests/yaml';
import type { Edit } from '../manifests/yaml-edit';

/** Writes the files. @param show prints what changes @returns how many files changed */
export function applyFixes(findings: readonly Finding[], show: (text: string) => void): number {
  const edits = new Map<string, Edit[]>();
  for (const patch of findings.filter(({ acknowledged }) => acknowledged === undefined).flatMap(({ patches = [] }) => patches)) {
    const { origin } = patch;
    if ('file' in origin && origin.file !== '-') {
      edits.set(origin.file, [...edits.get(origin.file) ?? [], editOf(patch, origin.line)]);
    }
  }
  return edits.size === 0 ? 0 : [...edits].filter(([file, own]) => fix(file, own, show)).length;
}

function editOf({ op, pointer, text }: ReportedPatch, line: number): Edit {
  return { line, op, pointer, ...(text === undefined ? {} : { text }) };
}

function fix(file: string, edits: readonly Edit[], show: (text: string) => void): boolean {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { edited, unifiedDiff } = require('./fix') as typeof import('./fix');
  const before = readFileSync(file, 'utf8');
  const after = edited(before, edits);
  if (after === before) {
    return false;
  }
  // What cannot be read again is not written.
  readYaml(after, file);
  show(unifiedDiff(file, before, after));
  const next = `${file}.fixed`;
  writeFileSync(next, after);
  renameSync(next, file);
  return true;
}
