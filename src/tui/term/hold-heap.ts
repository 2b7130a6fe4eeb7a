import { setFlagsFromString } from 'node:v8'

/**
 * Lets the old generation grow by 40 % before it is collected, rather than to several times its size: drawing makes
 * much short-lived text, and a screen under 10,000 lines a second holds 80 MiB more without (bench/soak.ts).
 * Called after the first frame, since V8 takes no compiled code from its cache once it differs from the flags that the
 * code was compiled under: as an option of the program it made each start a quarter slower (bench/version.ts).
 */
export function holdHeap(): void {
  setFlagsFromString('--heap-growing-percent=40')
}
