import type { Program } from '../../program.ts'
import { awk } from './awk/awk.ts'
import { cksum } from './cksum.ts'
import { cut, tr } from './cut.ts'
import { date } from './date.ts'
import { basename, chmod, chown, cp, dirname, ln, mkdir, mv, rm, rmdir, touch } from './files.ts'
import { find } from './find.ts'
import { grep } from './grep.ts'
import { base64, diff, digest, mktemp, readlink, stat } from './inspect.ts'
import { ls } from './list.ts'
import { listeners, pgrep, ps } from './processes.ts'
import { env, runBuiltin, runPlainly, seq, sleep, timeout, xargs } from './running.ts'
import { sed } from './sed.ts'
import { sort, uniq } from './sort.ts'
import { df, free, getent, groups, hostname, id, nproc, uname, uptime, whoami } from './system.ts'
import { cat, dd, head, paste, rev, tac, tail, tee, wc } from './text-filters.ts'

/** The programs of every practice host's `/usr/bin`. */
export const filePrograms: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...Object.entries({
    base64,
    basename,
    cat,
    chmod,
    chown,
    cksum,
    cp,
    cut,
    date,
    dd,
    df,
    diff,
    dirname,
    env,
    find,
    free,
    getent,
  }),
  ...Object.entries({
    grep,
    groups,
    head,
    hostname,
    id,
    ln,
    ls,
    mkdir,
    mktemp,
    mv,
    nproc,
    paste,
    pgrep,
    ps,
    readlink,
  }),
  ...Object.entries({
    rev,
    rm,
    rmdir,
    sed,
    seq,
    sleep,
    sort,
    stat,
    tac,
    tail,
    tee,
    timeout,
    touch,
    tr,
    uname,
    uniq,
  }),
  ...Object.entries({ uptime, wc, whoami, xargs }),
  ...['cmp'].map((name) => [name, diff] as const),
  ...['chgrp'].map((name) => [name, chown] as const),
  ...['egrep', 'fgrep'].map((name) => [name, grep] as const),
  ...['md5sum', 'sha1sum', 'sha256sum', 'sha512sum'].map((name) => [name, digest] as const),
  ...['nice', 'nohup', 'setsid'].map((name) => [name, runPlainly] as const),
  ...['pkill'].map((name) => [name, pgrep] as const),
  ...['printenv'].map((name) => [name, env] as const),
  ...['realpath'].map((name) => [name, readlink] as const),
  ...['ss'].map((name) => [name, listeners] as const),
  ...['[', 'echo', 'false', 'kill', 'printf', 'pwd', 'test', 'true'].map(
    (name) => [name, runBuiltin] as const,
  ),
  ...['awk', 'mawk', 'gawk'].map((name) => [name, awk] as const),
  ['sync', async () => 0],
])
