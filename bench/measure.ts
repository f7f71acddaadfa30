/** Milliseconds of processor time that this process has used: other programs on the machine do not count. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** One case from its first step to its last. */
export interface CaseMeasure {
  readonly steps: number;
  /** Processor time of the steps alone: neither compiling, starting nor closing counts. */
  readonly ms: number;
  readonly ended: boolean;
  /** Largest state that was written, in characters of JSON. */
  readonly stateBytes: number;
}

/** What many cases of one process on one engine come to. */
export interface Measured {
  readonly stepsPerSecond: number;
  readonly ended: boolean;
  readonly stateBytes: number;
}

/** The case that a quarter of them are faster than, on either engine: the slower ones were the first to run. */
export function summary(cases: readonly CaseMeasure[]): Measured {
  const perStep = cases.map(({ ms, steps }) => ms / steps).sort((a, b) => a - b);
  return {
    stepsPerSecond: 1000 / (perStep[Math.floor(cases.length / 4)] ?? Number.NaN),
    ended: cases.every(({ ended }) => ended),
    stateBytes: Math.max(...cases.map(({ stateBytes }) => stateBytes)),
  };
}

/** The power of `size` with which `ms` grows: the slope of a straight line through the logarithms. 1 is linear. */
export function exponent(points: readonly { readonly size: number; readonly ms: number }[]): number {
  const logs = points.map(({ size, ms }) => [Math.log(size), Math.log(ms)] as const);
  const mean = (index: 0 | 1) => logs.reduce((sum, point) => sum + point[index], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return covariance / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}
