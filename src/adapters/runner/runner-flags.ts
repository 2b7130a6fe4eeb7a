/**
 * What Node is told for a process that drives hosts: keep the heap small rather than fast, since it waits for networks
 * and disks, and stays for hours. With 100 connections its largest resident set is 128 MB with both, 155 with the
 * first alone and 240 without (bench/memory.ts). The first is the young generation in megabytes, 16 by default.
 */
export const RUNNER_FLAGS: readonly string[] = ['--max-semi-space-size=1', '--optimize-for-size']
