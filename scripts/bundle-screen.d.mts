/** Bundles one program that shows the full screen; the directory is to be removed by the caller. */
export function bundleScreen(entry: string): Promise<{ readonly directory: string; readonly start: string }>
