import { chainOf } from "../../engine/routing/regions.ts";
import type { Directory } from "../../engine/routing/organisations.ts";
import { text } from "../store/rows.ts";
import type { Query } from "../store/store.ts";
import { placesFor } from "../store/update-each.ts";
import type { Recipient } from "./announce.ts";

/** Whoever repairs cases at an authority (`case.operate` in the policy). */
const repairing = "manager";

/**
 * Who repairs cases of these regions: for each, the authority of the region or of the nearest one above at which somebody holds
 * the post. Nobody where none does, and never an error, because a notice must not fail what it tells of.
 */
export async function repairersOf(
  query: Query,
  { regions: known, organisations }: Directory,
  regions: readonly string[],
): Promise<readonly Recipient[]> {
  const authorities = [...organisations.values()].filter(({ kind }) => kind === "authority");
  const above = regions
    .filter((region) => known.has(region))
    .map((region) =>
      chainOf(known, region).flatMap((code) => authorities.filter((authority) => authority.region === code)),
    );
  const ids = [...new Set(above.flat().map(({ id }) => id))];
  if (ids.length === 0) return [];
  const rows = await query(
    `SELECT DISTINCT organisation_id FROM post WHERE role = ? AND organisation_id IN (${placesFor(ids)})`,
    [repairing, ...ids],
  );
  const staffed = new Set(rows.map((row) => text(row, "organisation_id")));
  const nearest = above.flatMap((chain) => chain.find(({ id }) => staffed.has(id)) ?? []);
  return [...new Set(nearest.map(({ id }) => id))].map((organisation) => ({ organisation, role: repairing }));
}
