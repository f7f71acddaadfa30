/** Sunday, late in the afternoon in China: the day on which every test begins, whenever it is run. */
export const testBegins = Date.parse("2026-11-29T09:00:00.000Z");
const loaded = Date.now();

/** Time that passes as it does, from a day that does not: no test goes wrong because it grows old. */
export const testTime = (): number => testBegins + (Date.now() - loaded);
