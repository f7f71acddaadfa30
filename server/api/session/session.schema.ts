import { z } from "zod";
import { bilingual, instant, organisationRef } from "../shared/common.schema.ts";
import { startingOrganisation } from "../starts/starts.schema.ts";

export const signInBody = z.object({ account: z.string().min(1).max(80), password: z.string().min(1).max(200) });

export const role = z.enum([
  "applicant-clerk",
  "applicant-head",
  "authority-reviewer",
  "authority-head",
  "provider-clerk",
  "provider-head",
  "security-reviewer",
  "operator",
  "supervisor",
  "mediator",
  "gov-decider",
  "duty-officer",
  "applicant-emergency",
  "designer",
  "manager",
  "auditor",
  "system-admin",
  "worker",
]);

export const me = z.object({
  id: z.string(),
  account: z.string(),
  name: z.string(),
  posts: z.array(z.object({ organisation: organisationRef, roles: z.array(role) })),
  /** Departments for which the person may apply. */
  appliesFor: z.array(startingOrganisation),
  /** What the menus may show; the server decides again at every call. */
  may: z.object({
    apply: z.boolean(),
    start: z.boolean(),
    work: z.boolean(),
    design: z.boolean(),
    simulate: z.boolean(),
    supervise: z.boolean(),
    moveClock: z.boolean(),
    administerNotices: z.boolean(),
    /** Sign leavers off. */
    signOff: z.boolean(),
  }),
  /** Send it back in the header `x-csrf-token` with every unsafe request. */
  csrfToken: z.string(),
  lastSignInAt: instant.nullable(),
  /** The server's time, which a demo may have moved. */
  now: instant,
});
export type Me = z.infer<typeof me>;

/** Shown on the sign-in page of a demo installation only. */
export const demoAccounts = z.object({
  items: z.array(
    z.object({ account: z.string(), name: z.string(), organisation: bilingual, does: bilingual, password: z.string() }),
  ),
});
