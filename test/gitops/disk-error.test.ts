// Errors of the file system as sentences, and errors of the user's own code unchanged.
import { asDiskError } from '../../src/gitops/disk-error';

const error = (message: string, fields: object) => Object.assign(new Error(message), fields);

test.each<[string, unknown, string]>([
  ['an error about a file in a place', error("EACCES: permission denied, open '/a/b/c'", { code: 'EACCES', syscall: 'open', path: '/a/b/c' }),
    '/a/b cannot be written: permission denied (EACCES, open): /a/b/c'],
  ['an error about a folder above it', error("EACCES: permission denied, lstat '/a'", { code: 'EACCES', syscall: 'lstat', path: '/a' }),
    '/a/b cannot be written: permission denied (EACCES, lstat): /a'],
  ['an error of a rename', error("EXDEV: cross-device link not permitted, rename '/x' -> '/a/b'", { code: 'EXDEV', syscall: 'rename', path: '/x', dest: '/a/b' }),
    '/a/b cannot be written: cross-device link not permitted (EXDEV, rename): /x'],
  ['a full disk', error('ENOSPC: no space left on device, write', { code: 'ENOSPC', syscall: 'write' }),
    '/a/b cannot be written: no space left on device (ENOSPC, write)'],
])('%s is a sentence', (_, thrown, message) => {
  expect(asDiskError(thrown, '/a/b', ['/a/b'])).toMatchObject({ name: 'EdgeError', message });
});

test.each<[string, unknown]>([
  ['about a file elsewhere', error("ENOENT: no such file or directory, open '/etc/x'", { code: 'ENOENT', syscall: 'open', path: '/etc/x' })],
  ['of a connection', error('connect ECONNREFUSED', { code: 'ECONNREFUSED', syscall: 'connect' })],
  ['of a read elsewhere', error("EISDIR: illegal operation on a directory, read '/etc'", { code: 'EISDIR', syscall: 'read', path: '/etc' })],
  ['of a write elsewhere', error("EIO: i/o error, write '/etc'", { code: 'EIO', syscall: 'write', dest: '/etc' })],
  ['that has a code, but is not of a system call', error('not supported', { code: 'ERR_X', path: '/a/b' })],
  ['of a system call without a code', error('not supported', { syscall: 'open', path: '/a/b' })],
  ['without a message', { code: 'EACCES', syscall: 'open', path: '/a/b' }],
  ['of another kind', new RangeError('mine')],
  ['that is no error', 'mine'],
  ['that is nothing', undefined],
])('an error %s is returned unchanged', (_, thrown) => {
  expect(asDiskError(thrown, '/a/b', ['/a/b'])).toBe(thrown);
});
