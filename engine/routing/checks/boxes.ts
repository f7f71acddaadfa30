/** A set of cases as a product: for each column the values it holds, one bit a value. Exact set algebra over a closed grid. */
export type Box = readonly bigint[];

export function intersect(a: Box, b: Box): Box | null {
  const common = a.map((mask, column) => mask & (b[column] ?? 0n));
  return common.includes(0n) ? null : common;
}

export function isWithinBox(inner: Box, outer: Box): boolean {
  return inner.every((mask, column) => (mask & ~(outer[column] ?? 0n)) === 0n);
}

/** `a` without `b`, as boxes that do not overlap. */
export function subtract(a: Box, b: Box): readonly Box[] {
  if (intersect(a, b) === null) return [a];
  const left: Box[] = [];
  const rest = [...a];
  for (const [column, mask] of b.entries()) {
    const outside = (rest[column] ?? 0n) & ~mask;
    if (outside !== 0n) left.push(rest.with(column, outside));
    rest[column] = (rest[column] ?? 0n) & mask;
  }
  return left;
}

/** What of `box` none of `others` holds. */
export function remainder(box: Box, others: readonly Box[]): readonly Box[] {
  let left: readonly Box[] = [box];
  for (const other of others) {
    if (left.length === 0) return left;
    left = left.flatMap((part) => subtract(part, other));
  }
  return left;
}
