/** Resident bytes of this process after its garbage is collected, where `--expose-gc` lets it be. */
export const settledRss = async (): Promise<number> => {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return process.memoryUsage().rss;
};
