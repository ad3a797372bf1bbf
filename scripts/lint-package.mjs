// `node scripts/lint-package.mjs TARBALL`: whether every kind of module resolution finds the packed package and its types.
import console from 'node:console';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

const data = new Uint8Array(readFileSync(process.argv[2]));
// The assembly is data for jsii, not a module.
const { problems } = await checkPackage(createPackageFromTarballData(data), { excludeEntrypoints: ['./.jsii'] });
const { messages, pkg } = await publint({ pack: { tarball: data.buffer }, strict: true });
[...problems.map(problem => JSON.stringify(problem)), ...messages.map(message => formatMessage(message, pkg, { color: false }))].forEach(fault => {
  console.log(fault);
  process.exitCode = 1;
});
