/** Percentiles and mean of a sample that grows. Values are kept, as 8 bytes each. */
export class Sample {
  readonly #values: number[] = [];

  add(value: number): void {
    this.#values.push(value);
  }

  get values(): readonly number[] {
    return this.#values;
  }

  /** `null` of an empty sample. */
  summary(): Summary | null {
    if (this.#values.length === 0) return null;
    const sorted = Float64Array.from(this.#values).sort();
    return {
      count: sorted.length,
      mean: rounded(meanOf(this.#values)),
      p50: rounded(percentile(sorted, 0.5)),
      p80: rounded(percentile(sorted, 0.8)),
      p90: rounded(percentile(sorted, 0.9)),
      p95: rounded(percentile(sorted, 0.95)),
      p99: rounded(percentile(sorted, 0.99)),
      max: rounded(sorted.at(-1) ?? 0),
    };
  }
}

export interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p80: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** The smallest value that at least the share `p` of the sorted sample does not exceed (nearest rank). */
export function percentile(sorted: ArrayLike<number>, p: number): number {
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

const batches = 20;
/** Student's t with 19 degrees of freedom, two-sided 95 %. */
const student = 2.093;

/**
 * 95 % interval of `figure` by batch means: cases that follow each other share queues and are not independent, the figures of
 * twenty long runs of them nearly are. `null` for fewer than ten values a batch.
 */
export function batchInterval(
  values: readonly number[],
  figure: (batch: readonly number[]) => number,
): [low: number, high: number] | null {
  const size = Math.floor(values.length / batches);
  if (size < 10) return null;
  const figures = Array.from({ length: batches }, (_, index) => figure(values.slice(index * size, (index + 1) * size)));
  const centre = meanOf(figures);
  const variance = figures.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (batches - 1);
  const half = student * Math.sqrt(variance / batches);
  return [rounded(centre - half), rounded(centre + half)];
}

/** To four places: enough for every figure shown, and no noise of binary fractions. */
export function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
