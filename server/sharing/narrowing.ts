import type { Json } from "../../engine/expressions/json.ts";
import type { Parameter, Transaction } from "../store/store.ts";
import type { Grant } from "./grants.ts";

/** What a grant is narrowed to; what is left out stays. */
export interface Narrowing {
  readonly items?: readonly string[] | undefined;
  readonly endsOn?: string | undefined;
  readonly callsPerDay?: number | undefined;
}

/** A narrowing that was made: what the journal tells, and what the grant's own row takes. */
export interface Narrowed {
  readonly told: Readonly<Record<string, Json>>;
  readonly set: Readonly<Record<string, Parameter>>;
  readonly endsOn: string | null;
}

/** Which parts of a wanted narrowing would in truth widen the grant, or change nothing. */
export function wideningParts(grant: Grant, wanted: Narrowing): readonly (keyof Narrowing)[] {
  const { items, endsOn, callsPerDay } = wanted;
  const wide: (keyof Narrowing)[] = [];
  if (items && (items.length === 0 || items.some((item) => !grant.items.includes(item)))) wide.push("items");
  if (endsOn !== undefined && grant.endsOn !== null && endsOn > grant.endsOn) wide.push("endsOn");
  if (callsPerDay !== undefined && grant.callsPerDay !== null && callsPerDay > grant.callsPerDay)
    wide.push("callsPerDay");
  return wide;
}

/** Narrows what was granted as a case's variable `narrowTo` says; `null` where it says nothing that narrows. */
export async function applyNarrowing(
  tx: Transaction,
  grant: Grant,
  variables: Readonly<Record<string, Json>>,
): Promise<Narrowed | null> {
  const wanted = narrowingIn(variables["narrowTo"]);
  return wanted === null || wideningParts(grant, wanted).length > 0 ? null : narrow(tx, grant, wanted);
}

/** Writes a narrowing that was checked before. */
export async function narrow(tx: Transaction, grant: Grant, wanted: Narrowing): Promise<Narrowed> {
  const items = wanted.items ?? grant.items;
  const endsOn = wanted.endsOn ?? grant.endsOn;
  const callsPerDay = wanted.callsPerDay ?? grant.callsPerDay;
  await tx.execute("UPDATE delivery SET granted_items = ?, ends_at = ?, calls_per_day = ? WHERE instance_id = ?", [
    JSON.stringify(items),
    endsOn,
    callsPerDay,
    grant.id,
  ]);
  return {
    told: {
      items: [...items],
      without: grant.items.filter((item) => !items.includes(item)),
      before: grant.endsOn,
      endsOn,
      callsPerDay,
    },
    set: { ends_at: endsOn },
    endsOn,
  };
}

function narrowingIn(value: Json | undefined): Narrowing | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const { items, endsOn, callsPerDay } = value as Readonly<Record<string, Json>>;
  return {
    ...(Array.isArray(items) ? { items: items.filter((item): item is string => typeof item === "string") } : {}),
    ...(typeof endsOn === "string" ? { endsOn } : {}),
    ...(typeof callsPerDay === "number" ? { callsPerDay } : {}),
  };
}
