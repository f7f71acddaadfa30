import { z } from "zod";
import { bilingual } from "../shared/common.schema.ts";

export const versionChangesQuery = z.object({
  /** Id of the version to compare with; the one before where it is left out. */
  since: z.string().max(80).optional(),
});

const version = z.object({ id: z.string(), version: z.number().int() });

/** How a version of a process differs from an earlier one. */
export const versionChanges = z.object({
  key: z.string(),
  name: bilingual,
  /** `null` for the first version: everything in it is new. */
  before: version.nullable(),
  after: version,
  elements: z.array(
    z.object({
      element: z.string(),
      type: z.string(),
      name: bilingual,
      change: z.enum(["added", "removed", "changed", "moved"]),
      properties: z.array(
        z.object({ property: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
      ),
    }),
  ),
  /** Forms that came, went or read otherwise. */
  forms: z.array(z.object({ form: z.string(), change: z.enum(["added", "removed", "changed"]) })),
  /** Versions of the process, newest first. */
  versions: z.array(version),
});
export type VersionChanges = z.infer<typeof versionChanges>;
