/** Types of build.mjs, for the test that builds the page. */

/** What a Chromium loads to show the page, gzipped, may not be more than this. */
export const PAGE_GZIP_BYTES_MAX: number;

/** Sizes of the built page in bytes, gzipped: of every file, and of what is loaded at the start. */
export function bundleSizes(folder?: string): Promise<{
  readonly files: Readonly<Record<string, number>>;
  readonly startGzip: number;
}>;

/** Bundles the page into a folder. */
export function buildPage(target?: string): Promise<void>;
