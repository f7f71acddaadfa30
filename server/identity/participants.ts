import { optionalText, text } from "../store/rows.ts";
import type { Query } from "../store/store.ts";

/** Organisations that take part in a case, and their regions. */
export interface Participants {
  readonly participants: readonly string[];
  readonly regions: readonly string[];
  /** By what a substitution covers the case. */
  readonly about: { readonly processKey: string; readonly resourceId: string | null };
}

export async function participantsOf(query: Query, instanceId: string): Promise<Participants> {
  const rows = await query(
    `SELECT participant.organisation_id, participant.region, instance.process_key,
       (SELECT application.resource_id FROM application WHERE application.instance_id = instance.id) AS resource_id
     FROM instance LEFT JOIN participant ON participant.instance_id = instance.id WHERE instance.id = ?`,
    [instanceId],
  );
  const [first] = rows;
  const parties = rows.filter((row) => row["organisation_id"] !== null);
  return {
    participants: parties.map((row) => text(row, "organisation_id")),
    regions: parties.map((row) => text(row, "region")),
    about: {
      processKey: first ? text(first, "process_key") : "",
      resourceId: first ? optionalText(first, "resource_id") : null,
    },
  };
}
