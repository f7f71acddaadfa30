import { z } from "zod";
import { grantActions, grantStates } from "../../../engine/sharing/grant.ts";
import { realities } from "../../../engine/sharing/reality.ts";
import { bilingual, instant, level, organisationRef, pageOf, pageQuery } from "../shared/common.schema.ts";

export const grantState = z.enum(grantStates);
export const reality = z.enum(realities);

/** Lists behind the figures: where approvals stand in fact, and what somebody has left undone. */
export const grantList = z.enum([
  "all",
  ...realities,
  "suspended",
  "exceeded",
  "endsSoon",
  "disposalMissing",
  "switchOffMissing",
  "unreachable",
]);
export type GrantList = z.infer<typeof grantList>;

export const grantFilter = z.object({
  /** Division whose providers are looked at, with everything below. */
  region: z.string().max(6).optional(),
  /** Level of the provider. */
  level: level.optional(),
  provider: z.string().max(64).optional(),
});

export const grantQuery = pageQuery.extend(grantFilter.shape).extend({
  /** `received` and `provided`: of my organisations; `seen`: all that I may see. */
  view: z.enum(["received", "provided", "seen"]).default("seen"),
  list: grantList.default("all"),
});

export const grantSummary = z.object({
  id: z.string(),
  caseNumber: z.string(),
  resource: z.object({ id: z.string(), name: bilingual }),
  receiver: organisationRef,
  provider: organisationRef,
  state: grantState,
  reality,
  openedAt: instant,
  deliveredAt: instant.nullable(),
  acceptedAt: instant.nullable(),
  firstUsedAt: instant.nullable(),
  lastUsedAt: instant.nullable(),
  endsOn: z.iso.date().nullable(),
  /** Whole days in China since the approval. */
  daysSinceApproval: z.number().int(),
  rejections: z.number().int(),
  suspensions: z.number().int(),
  excesses: z.number().int(),
  scores: z.object({ accepted: z.number().int().nullable(), ended: z.number().int().nullable() }),
  endedAt: instant.nullable(),
  endedBecause: z.string().nullable(),
  switchedOffAt: instant.nullable(),
  /** By when the provider confirms the switch-off; null before the end, and once it did. */
  switchOffDueAt: instant.nullable(),
  /** Due moment and state of the certificate of disposal; null before the end. */
  disposal: z
    .object({
      dueAt: instant.nullable(),
      /** Its number, and the file itself with the hash of its content. */
      certificate: z.string().nullable(),
      file: z.object({ id: z.string(), name: z.string(), bytes: z.number().int(), sha256: z.string() }).nullable(),
      certifiedAt: instant.nullable(),
      overdue: z.boolean(),
    })
    .nullable(),
});
export type GrantSummary = z.infer<typeof grantSummary>;
export const grantPage = pageOf(grantSummary);

export const excess = z.object({ day: z.string(), text: bilingual });

export const grantDetail = grantSummary.extend({
  applicationId: z.string().nullable(),
  supervision: z.object({ id: z.string(), number: z.string() }).nullable(),
  /** Steps of the supervision that wait for somebody: a review, a hearing, a certificate. */
  pending: z.array(
    z.object({ name: bilingual, organisation: organisationRef, role: bilingual, dueAt: instant.nullable() }),
  ),
  items: z.array(z.object({ code: z.string(), name: bilingual })),
  regionFilter: z.string(),
  regionName: bilingual,
  startsOn: z.iso.date().nullable(),
  callsPerDay: z.number().int().nullable(),
  mode: z.string().nullable(),
  endpoint: z.string().nullable(),
  conditions: z.array(z.string()),
  endedNote: z.string().nullable(),
  /** What the server's own calls of the service's health address found; `null` where the delivery names none. */
  probe: z
    .object({
      healthUrl: z.string(),
      probes: z.number().int(),
      failed: z.number().int(),
      lastAt: instant.nullable(),
      lastStatus: z.number().int().nullable(),
      lastError: z.string().nullable(),
      unreachableSince: instant.nullable(),
    })
    .nullable(),
  deliveries: z.array(
    z.object({
      id: z.string(),
      number: z.number().int(),
      deliveredAt: instant,
      deliveredBy: z.string(),
      mode: z.string(),
      endpoint: z.string().nullable(),
      fileHash: z.string().nullable(),
      rowCount: z.number().int().nullable(),
      result: z.enum(["passed", "failed", "silent"]).nullable(),
      testedAt: instant.nullable(),
      testedBy: z.string().nullable(),
      differences: z.array(bilingual),
    }),
  ),
  use: z.object({
    days: z.number().int(),
    calls: z.number().int(),
    rows: z.number().int(),
    /** The last days with use, newest first. */
    last: z.array(
      z.object({ day: z.string(), calls: z.number().int(), rows: z.number().int(), exceeded: z.boolean() }),
    ),
    excesses: z.array(excess),
  }),
  ratings: z.array(
    z.object({
      phase: z.enum(["accepted", "ended"]),
      score: z.number().int(),
      lacking: z.string(),
      by: z.string(),
      at: instant,
    }),
  ),
  /** In whose stead the reader may do it, where not in their own name. */
  onBehalfOf: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** What the reader may do now. */
  actions: z.array(
    z.enum([...grantActions, "announceChange", "confirmSwitchedOff", "rateAccepted", "rateEnded", "copy"]),
  ),
});
export type GrantDetail = z.infer<typeof grantDetail>;

const reason = z.string().trim().min(4).max(1000);
export const reasonBody = z.object({ reason });
export const narrowingBody = z.object({
  reason,
  items: z.array(z.string()).min(1).optional(),
  endsOn: z.iso.date().optional(),
  callsPerDay: z.number().int().min(1).optional(),
});
export const changeBody = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("narrow"), to: narrowingBody.omit({ reason: true }), reason }),
  z.object({ kind: z.literal("terminate"), reason }),
]);
export const renewalBody = z.object({ to: z.iso.date(), reason });
export const switchedOffBody = z.object({ note: z.string().trim().max(1000).default("") });
export const ratingBody = z
  .object({
    phase: z.enum(["accepted", "ended"]),
    score: z.number().int().min(1).max(5),
    lacking: z.string().trim().max(1000).default(""),
  })
  .refine(({ score, lacking }) => score > 3 || lacking !== "", {
    path: ["lacking"],
    message: "Say what lacked, for a score of 3 or less",
    params: { zh: "评分为 3 分及以下的，请写明不足之处" },
  });
export const probeBody = z.object({
  rowCount: z.number().int().min(0).optional(),
  fileHash: z.string().max(200).optional(),
  errorPercent: z.number().min(0).max(100).optional(),
  testCall: z.enum(["passed", "failed"]).optional(),
});

/** What has become of approvals. Every number is the length of a list (`GET /api/grants?list=…`) or a mean with its count. */
export const grantFigures = z.object({
  asOf: instant,
  unusedDays: z.number().int(),
  funnel: z.object({
    applied: z.number().int(),
    granted: z.number().int(),
    delivered: z.number().int(),
    accepted: z.number().int(),
    /** Used within `unusedDays` of the acceptance. */
    used: z.number().int(),
  }),
  realities: z.record(reality, z.number().int()),
  attention: z.object({
    suspended: z.number().int(),
    exceeded: z.number().int(),
    endsSoon: z.number().int(),
    disposalMissing: z.number().int(),
    switchOffMissing: z.number().int(),
    unreachable: z.number().int(),
  }),
  byProvider: z.array(
    z.object({
      provider: organisationRef,
      granted: z.number().int(),
      notDelivered: z.number().int(),
      /** Days since the oldest approval that is not delivered. */
      oldestDays: z.number().int().nullable(),
      notAccepted: z.number().int(),
      unused: z.number().int(),
      rejections: z.number().int(),
      satisfaction: z.object({ mean: z.number(), count: z.number().int() }).nullable(),
    }),
  ),
  byLevel: z.array(
    z.object({ level, granted: z.number().int(), notDelivered: z.number().int(), unused: z.number().int() }),
  ),
});
export type GrantFigures = z.infer<typeof grantFigures>;
