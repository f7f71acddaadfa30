import { localDate } from "../../engine/calendar/dates.ts";
import type { Json } from "../../engine/expressions/json.ts";
import { maySupplement, supplementOutcome, supplementUsedUp, type SupplementUse } from "../returning/supplement-use.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { text } from "../store/rows.ts";
import type { Row } from "../store/store.ts";

interface UsedUp {
  readonly code: string;
  readonly message: { readonly zh: string; readonly en: string };
}

/** Why an outcome may not be taken once more in this case; `null` where it may. `instance` gives applicant and beginning. */
export function usedUp(
  runtime: Runtime,
  instance: Row,
  { variables, supplement }: { readonly variables: Readonly<Record<string, Json>>; readonly supplement: SupplementUse },
  outcome: string | null,
): UsedUp | null {
  if (outcome === supplementOutcome) return maySupplement(supplement) ? null : supplementUsedUp;
  if (outcome !== "notOurs") return null;
  const startedOn = localDate(text(instance, "started_at"));
  const most = runtime.rules.placeOf(text(instance, "applicant_region"), startedOn).mostReroutes;
  if (Number(variables["reroutes"] ?? 0) < most) return null;
  return {
    code: "REROUTES_USED_UP",
    message: {
      zh: `本案已重新确定持有部门 ${most} 次，不能再退回；请按 R8 不予共享并指明持有部门，由主管部门协调`,
      en: `This case was sent on ${most} time(s) already; refuse with R8 and name the holder, and the authority settles it`,
    },
  };
}
