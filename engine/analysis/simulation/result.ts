import { z } from "zod";

const bilingual = z.object({ zh: z.string(), en: z.string() });

/** Mean and percentiles by nearest rank. */
const summary = z.object({
  count: z.number().int(),
  mean: z.number(),
  p50: z.number(),
  p80: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
});
const interval = z.tuple([z.number(), z.number()]);
const organisation = z.object({ id: z.string(), name: bilingual, level: z.string() });

const stepResult = z.object({
  element: z.string(),
  name: bilingual,
  /** Level of the organisation that worked; `null` where no route was asked. */
  level: z.string().nullable(),
  completed: z.number().int(),
  /** Taken away before they were done, as by a deadline. */
  withdrawn: z.number().int(),
  /** Office hours from the opening of the task until somebody began. */
  waitingHours: summary.nullable(),
  /** Office hours of work. */
  handlingHours: summary.nullable(),
});

const breachResult = z.object({
  limit: z.string(),
  name: bilingual,
  /** Step whose clock it is; the process id for the end-to-end limit. */
  element: z.string(),
  elementName: bilingual,
  /** Level of the organisation that is charged. */
  level: z.string(),
  clocks: z.number().int(),
  breached: z.number().int(),
  share: z.number(),
});

const officialsResult = z.object({
  organisation: organisation.nullable(),
  role: z.string(),
  count: z.number().int(),
  tasks: z.number().int(),
  /** Of their office time between the first and the last arrival. */
  utilisation: z.number(),
  queue: z.object({ mean: z.number(), max: z.number().int() }),
  waitingHours: summary.nullable(),
  /** Part of the time from start to end of all completed cases that was spent waiting for these officials, along the chain of steps that decided when each case ended. */
  shareOfEndToEnd: z.number(),
});

/** What a simulation found. Two runs of one scenario with one seed give the same to the byte. */
export const simulationResult = z.object({
  process: z.string(),
  title: bilingual,
  seed: z.number().int(),
  from: z.string(),
  /** End of the last case. */
  until: z.string(),
  history: z.boolean(),
  cases: z.object({
    started: z.number().int(),
    completed: z.number().int(),
    /** Ended by a terminate event. */
    terminated: z.number().int(),
    /** Stopped at an incident that nobody repairs. */
    incidents: z.number().int(),
    /** Wait for something that no scenario brings, such as a message. */
    waiting: z.number().int(),
    /** Went round until they were stopped. */
    endless: z.number().int(),
  }),
  /** End events by the number of cases that reached them; side tracks end, too. */
  ends: z.array(z.object({ element: z.string(), name: bilingual, cases: z.number().int(), share: z.number() })),
  endToEnd: z.object({
    workingDays: summary.nullable(),
    calendarDays: summary.nullable(),
    /** 95 % intervals by batch means; `null` for fewer than 200 cases. */
    meanWorkingDays: interval.nullable(),
    p90WorkingDays: interval.nullable(),
  }),
  steps: z.array(stepResult),
  breaches: z.array(breachResult),
  officials: z.array(officialsResult),
  bottleneck: z
    .object({ organisation: organisation.nullable(), role: z.string(), shareOfEndToEnd: z.number(), why: bilingual })
    .nullable(),
  /** Where cases that did not end stand, and why. */
  stuck: z.array(z.object({ element: z.string(), code: z.string(), cases: z.number().int() })),
  assumptions: z.array(z.object({ code: z.string(), place: z.string(), message: bilingual })),
});
export type SimulationResult = z.infer<typeof simulationResult>;
