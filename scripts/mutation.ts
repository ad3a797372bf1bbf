// `npm run mutation [FOLDER…]`: mutation testing with Stryker, folder by folder, each against the tests that mirror it. Fails below a score of 85 %.
import { spawnSync } from 'node:child_process';

/** Folders of src, and the folders of test that have to notice a fault in them. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  'src/base': ['test/base'],
  'src/edge/routing': ['test/edge/routing', 'test/edge/match', 'test/edge/release', 'test/edge/egress'],
  'src/edge/security': ['test/edge/security'],
  'src/gitops': ['test/gitops'],
};

function main(wanted: readonly string[]): number {
  const unknown = wanted.filter(folder => !(folder in FOLDERS));
  if (unknown.length > 0) {
    console.error(`${unknown.join(', ')} must be one of ${Object.keys(FOLDERS).join(', ')}`);
    return 2;
  }
  const failed = (wanted.length > 0 ? wanted : Object.keys(FOLDERS)).filter(folder => {
    console.log(`== ${folder}`);
    const env = { ...process.env, MUTATED_FOLDER: folder, MUTATED_BY: FOLDERS[folder].join() };
    return spawnSync('npx', ['stryker', 'run'], { env, stdio: 'inherit' }).status !== 0;
  });
  failed.forEach(folder => console.error(`${folder}: score below the limit, or Stryker failed`));
  return failed.length > 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
