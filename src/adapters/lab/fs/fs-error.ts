import type { FsErrorCode } from '../program.ts'

/** Words a file error as the C library does (`No such file or directory`). */
export function formatFsError(code: FsErrorCode): string {
  return messages[code]
}

const messages: Readonly<Record<FsErrorCode, string>> = {
  EACCES: 'Permission denied',
  EEXIST: 'File exists',
  EINVAL: 'Invalid argument',
  EISDIR: 'Is a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENOENT: 'No such file or directory',
  ENOSPC: 'No space left on device',
  ENOTDIR: 'Not a directory',
  ENOTEMPTY: 'Directory not empty',
  EPERM: 'Operation not permitted',
  EROFS: 'Read-only file system',
}
