import { z } from "zod";

const hours = z.number().min(0).max(10_000);

/** How long something takes, in hours. What people do counts in office hours, what machines do in hours of the clock. */
export const distributionSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("fixed"), hours }),
  z.strictObject({ type: z.literal("uniform"), min: hours, max: hours }).refine(({ min, max }) => min <= max, {
    message: "min is larger than max",
  }),
  z
    .strictObject({ type: z.literal("triangular"), min: hours, mode: hours, max: hours })
    .refine(({ min, mode, max }) => min <= mode && mode <= max, { message: "it has to be min ≤ mode ≤ max" }),
  z.strictObject({ type: z.literal("exponential"), mean: hours }),
  /** Most are short and a few very long: half take less than `median`, nine of ten less than `p90`. */
  z
    .strictObject({ type: z.literal("lognormal"), median: hours.min(0.001), p90: hours })
    .refine(({ median, p90 }) => median <= p90, { message: "p90 is smaller than the median" }),
  /** What was observed, each as likely as the others. */
  z.strictObject({
    type: z.literal("empirical"),
    hours: z
      .array(hours)
      .min(1)
      .max(100_000)
      .refine((observed) => observed.every((value, index) => index === 0 || value >= (observed[index - 1] ?? 0)), {
        message: "the hours are not in ascending order",
      }),
  }),
]);
export type Distribution = z.infer<typeof distributionSchema>;

/** The value in hours below which the share `u` (0 ≤ u < 1) of the distribution lies: a uniform `u` gives a sample of it. */
export function quantile(distribution: Distribution, u: number): number {
  switch (distribution.type) {
    case "fixed":
      return distribution.hours;
    case "uniform":
      return distribution.min + u * (distribution.max - distribution.min);
    case "triangular":
      return triangular(distribution, u);
    case "exponential":
      return -distribution.mean * Math.log1p(-u);
    case "lognormal":
      return distribution.median * Math.exp(sigma(distribution) * standardNormal(u));
    case "empirical":
      return distribution.hours[Math.floor(u * distribution.hours.length)] ?? 0;
  }
}

/** Expected value in hours. */
export function meanOf(distribution: Distribution): number {
  switch (distribution.type) {
    case "fixed":
      return distribution.hours;
    case "uniform":
      return (distribution.min + distribution.max) / 2;
    case "triangular":
      return (distribution.min + distribution.mode + distribution.max) / 3;
    case "exponential":
      return distribution.mean;
    case "lognormal":
      return distribution.median * Math.exp(sigma(distribution) ** 2 / 2);
    case "empirical":
      return distribution.hours.reduce((sum, value) => sum + value, 0) / distribution.hours.length;
  }
}

function triangular({ min, mode, max }: { min: number; mode: number; max: number }, u: number): number {
  if (max === min) return min;
  const below = (mode - min) / (max - min);
  return u < below
    ? min + Math.sqrt(u * (max - min) * (mode - min))
    : max - Math.sqrt((1 - u) * (max - min) * (max - mode));
}

function sigma({ median, p90 }: { median: number; p90: number }): number {
  return Math.log(p90 / median) / standardNormal(0.9);
}

/** Coefficients of P. J. Acklam's rational approximation of the normal quantile; its relative error is below 1.15e-9. */
const centre = [
  [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239],
  [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1],
] as const;
const tail = [
  [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ],
  [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1],
] as const;
const tailBegins = 0.02425;

/** Quantile of the standard normal distribution. */
export function standardNormal(u: number): number {
  const share = Math.min(Math.max(u, 1e-12), 1 - 1e-12);
  if (share > 1 - tailBegins) return -standardNormal(1 - share);
  if (share < tailBegins) {
    const q = Math.sqrt(-2 * Math.log(share));
    return polynomial(tail[0], q) / polynomial(tail[1], q);
  }
  const q = share - 0.5;
  return (q * polynomial(centre[0], q * q)) / polynomial(centre[1], q * q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
