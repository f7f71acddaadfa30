import { text } from "../store/rows.ts";
import type { Query } from "../store/store.ts";

/** Organisations that take part in a case, and their regions. */
export interface Participants {
  readonly participants: readonly string[];
  readonly regions: readonly string[];
}

export async function participantsOf(query: Query, instanceId: string): Promise<Participants> {
  const rows = await query("SELECT organisation_id, region FROM participant WHERE instance_id = ?", [instanceId]);
  return {
    participants: rows.map((row) => text(row, "organisation_id")),
    regions: rows.map((row) => text(row, "region")),
  };
}
